namespace Sealpost.Accounts;

/// <summary>An account token or a login bearer, as it is kept.</summary>
internal sealed record StoredToken
{
    /// <summary>Its public name, <c>tok_…</c>.</summary>
    public required string Id { get; init; }

    public required AccountId Account { get; init; }

    /// <summary><see cref="CallerKind.AccountToken"/> or <see cref="CallerKind.LoginBearer"/>.</summary>
    public required CallerKind Kind { get; init; }

    public required string Name { get; init; }

    public required TokenScopes Scopes { get; init; }

    public required TokenHash Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a bearer ends; null for account tokens.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Id of the token that a bearer was given for: a bearer does not outlive it.</summary>
    public string? Parent { get; init; }

    public Caller Caller => new(Kind, Account, Scopes, Id, Name);
}
