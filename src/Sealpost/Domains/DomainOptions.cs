using Sealpost.Accounts;

namespace Sealpost.Domains;

/// <summary>The domain directory (settings <c>Domains:*</c>, protocol 6).</summary>
public sealed record DomainOptions
{
    /// <summary>Answers that differ from this process's own; default none.</summary>
    public IReadOnlyList<DomainOverride> Overrides { get; init; } = [];

    /// <summary>Where the directory is asked; null, the default: this process.</summary>
    public Uri? Url { get; init; }
}

/// <summary>One account's own base for one service.</summary>
/// <param name="Account">The account.</param>
/// <param name="Service">The service's name, case sensitive.</param>
/// <param name="BaseUri"><c>host[:port]</c>.</param>
public sealed record DomainOverride(AccountId Account, string Service, string BaseUri);
