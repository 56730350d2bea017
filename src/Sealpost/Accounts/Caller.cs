namespace Sealpost.Accounts;

/// <summary>What a caller showed. The numbers of tokens and bearers stand in the store.</summary>
public enum CallerKind
{
    /// <summary>The administrator's token: every account, and the accounts themselves.</summary>
    Administrator = 0,

    /// <summary>A token of one account.</summary>
    AccountToken = 1,

    /// <summary>What a login gave, for 8 hours.</summary>
    LoginBearer = 2,
}

/// <summary>Who makes a call.</summary>
/// <param name="Kind">What was shown.</param>
/// <param name="Account">The one account that it opens; null for the administrator.</param>
/// <param name="Scopes">What it opens there.</param>
/// <param name="Id">Id of the token, for the audit; not secret.</param>
/// <param name="Name">The token's name, or the user name of the login, for the audit.</param>
public sealed record Caller(CallerKind Kind, AccountId? Account, TokenScopes Scopes, string Id, string Name)
{
    /// <summary>Whether this caller is shown client secrets (protocol 2).</summary>
    public bool SeesSecrets => Kind is CallerKind.Administrator or CallerKind.LoginBearer || Scopes.HasFlag(TokenScopes.Manage);
}
