namespace Sealpost.Accounts;

/// <summary>How logins are answered.</summary>
internal sealed record LoginOptions
{
    /// <summary>Refuses logins over plain HTTP: true in Production (contract.md, HTTP).</summary>
    public required bool HttpsOnly { get; init; }

    /// <summary>The domain answers for an account, the <c>csdsCollectionResponse</c> of a login.</summary>
    public required Func<AccountId, IReadOnlyList<DomainAnswer>> Domains { get; init; }
}

/// <summary>Where one service of the platform is for an account (protocol 6).</summary>
/// <param name="Service">The service's name, case sensitive.</param>
/// <param name="BaseUri"><c>host[:port]</c>.</param>
internal sealed record DomainAnswer(string Service, string BaseUri);
