using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sealpost.Accounts;

namespace Sealpost.Mtls.Certificates;

/// <summary>All certificates in use, in memory. Thread safe.</summary>
internal sealed class CertificateDirectory
{
    private readonly ConcurrentDictionary<AccountId, ImmutableDictionary<CertificateId, ClientCertificate>> _accounts = new();

    public CertificateDirectory(IEnumerable<ClientCertificate> certificates)
    {
        foreach (var account in certificates.GroupBy(certificate => certificate.Account))
        {
            _accounts[account.Key] = account.ToImmutableDictionary(certificate => certificate.Id);
        }
    }

    /// <summary>The account's certificates by name.</summary>
    public IReadOnlyList<ClientCertificate> Of(AccountId account) =>
        [.. Snapshot(account).Values.OrderBy(certificate => certificate.Name, StringComparer.Ordinal)];

    /// <summary>The certificates of all accounts.</summary>
    public IEnumerable<ClientCertificate> All() => _accounts.Values.SelectMany(account => account.Values);

    public ClientCertificate? Find(AccountId account, CertificateId id) => Snapshot(account).GetValueOrDefault(id);

    public void Put(ClientCertificate certificate) => _accounts.AddOrUpdate(
        certificate.Account,
        _ => ImmutableDictionary<CertificateId, ClientCertificate>.Empty.Add(certificate.Id, certificate),
        (_, all) => all.TryGetValue(certificate.Id, out var present) && present.Version > certificate.Version ? all : all.SetItem(certificate.Id, certificate));

    public void Remove(AccountId account, CertificateId id) => _accounts.AddOrUpdate(
        account, _ => ImmutableDictionary<CertificateId, ClientCertificate>.Empty, (_, all) => all.Remove(id));

    private ImmutableDictionary<CertificateId, ClientCertificate> Snapshot(AccountId account) =>
        _accounts.GetValueOrDefault(account) ?? ImmutableDictionary<CertificateId, ClientCertificate>.Empty;
}
