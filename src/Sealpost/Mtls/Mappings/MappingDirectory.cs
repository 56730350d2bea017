using System.Collections.Concurrent;
using Sealpost.Accounts;
using Sealpost.Mtls.Certificates;

namespace Sealpost.Mtls.Mappings;

/// <summary>All mappings, in memory: a forward asks here. Thread safe.</summary>
internal sealed class MappingDirectory
{
    private readonly ConcurrentDictionary<AccountId, AccountMappings> _accounts = new();

    public MappingDirectory(IEnumerable<Mapping> mappings)
    {
        foreach (var account in mappings.GroupBy(mapping => mapping.Account))
        {
            Put(account.Key, account);
        }
    }

    /// <summary>The account's mappings by name.</summary>
    public IReadOnlyList<Mapping> Of(AccountId account) => _accounts.TryGetValue(account, out var mappings) ? mappings.ByName : [];

    /// <summary>The enabled mapping of this account, service and URL; null: there is none.</summary>
    public Mapping? Find(AccountId account, MtlsService service, ForwardUrl url) =>
        _accounts.TryGetValue(account, out var mappings) && mappings.ByUrl.TryGetValue((service, url.Canonical), out var mapping) && mapping.Enabled
            ? mapping
            : null;

    /// <summary>How many mappings name a certificate, enabled or not.</summary>
    public int CountOf(AccountId account, CertificateId certificate) => Of(account).Count(mapping => mapping.Certificate == certificate);

    /// <summary>Replaces all mappings of an account at once.</summary>
    public void Put(AccountId account, IEnumerable<Mapping> mappings)
    {
        List<Mapping> byName = [.. mappings.OrderBy(mapping => mapping.Name, StringComparer.Ordinal)];
        _accounts[account] = new AccountMappings(byName, byName.ToDictionary(mapping => (mapping.Service, mapping.Target.Canonical)));
    }

    private sealed record AccountMappings(IReadOnlyList<Mapping> ByName, IReadOnlyDictionary<(MtlsService Service, string Url), Mapping> ByUrl);
}
