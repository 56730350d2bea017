using Sealpost.Accounts;

namespace Sealpost.Domains;

/// <summary>
/// Where each service of the platform is for an account (protocol 6): the settings' overrides, and this process for all else.
/// It answers for every well-formed account id. Thread-safe.
/// </summary>
/// <param name="options">The overrides.</param>
/// <param name="own">This process's base, <c>host[:port]</c>, as the outside reaches it.</param>
internal sealed class DomainDirectory(DomainOptions options, Func<string> own)
{
    private static readonly string[] Served = ["mtlsGateway", "accountConfigReadWrite", "agentVep", "asyncMessagingEnt"];

    /// <summary>Every service's base for an account: those served here first, then services that only overrides name.</summary>
    public IReadOnlyList<DomainAnswer> Of(AccountId account)
    {
        var overrides = options.Overrides.Where(other => other.Account == account).ToList();
        var services = Served.Concat(overrides.Select(other => other.Service)).Distinct(StringComparer.Ordinal);
        return [.. services.Select(service =>
            new DomainAnswer(service, overrides.Find(other => other.Service == service)?.BaseUri ?? own()))];
    }
}
