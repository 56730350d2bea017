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

    /// <summary>A signature with an app key of one account, or of the platform. It is no bearer and has no scopes.</summary>
    AppKey = 3,
}

/// <summary>Who makes a call.</summary>
/// <param name="Kind">What was shown.</param>
/// <param name="Account">The one account that it opens; null for the administrator and the platform's app key.</param>
/// <param name="Scopes">What it opens there.</param>
/// <param name="Id">Id of the token, or the app key's consumer key, for the audit; not secret.</param>
/// <param name="Name">The token's or the app key's name, or the user name of the login, for the audit.</param>
public sealed record Caller(CallerKind Kind, AccountId? Account, TokenScopes Scopes, string Id, string Name)
{
    /// <summary>Whether this caller is shown client secrets (protocol 2).</summary>
    public bool SeesSecrets => Kind is CallerKind.Administrator or CallerKind.LoginBearer || Scopes.HasFlag(TokenScopes.Manage);

    /// <summary>Whether an account is this caller's; what the caller may do there is another question.</summary>
    public bool Opens(AccountId account) => Account is null || Account == account;
}
