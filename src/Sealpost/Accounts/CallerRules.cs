namespace Sealpost.Accounts;

/// <summary>What a call needs of its caller.</summary>
public enum Need
{
    /// <summary>Publish into the account.</summary>
    Publish,

    /// <summary>See what is the account's.</summary>
    Read,

    /// <summary>Change what is the account's.</summary>
    Manage,

    /// <summary>The administrator's token.</summary>
    Administer,
}

/// <summary>Whether a call may go on.</summary>
public enum Verdict
{
    Granted,

    /// <summary>Nobody known: 401.</summary>
    Unauthenticated,

    /// <summary>Somebody known who may not: 403.</summary>
    Forbidden,
}

/// <summary>
/// Who may do what. It looks at the caller and at the account's id alone, so a stranger's answer is the same whether or not the
/// account exists. Pure.
/// </summary>
public static class CallerRules
{
    /// <param name="caller">Who calls; null: nobody known.</param>
    /// <param name="account">The account that the call is about.</param>
    /// <param name="need">What the call needs.</param>
    public static Verdict Judge(Caller? caller, AccountId account, Need need)
    {
        if (caller is null)
        {
            return Verdict.Unauthenticated;
        }

        if (caller.Kind == CallerKind.Administrator)
        {
            return Verdict.Granted;
        }

        return caller.Account == account && (caller.Scopes & Opening(need)) != TokenScopes.None ? Verdict.Granted : Verdict.Forbidden;
    }

    // Whoever may change an account's installs may look at them (protocol 2 shows a manage token the secrets).
    private static TokenScopes Opening(Need need) => need switch
    {
        Need.Publish => TokenScopes.Publish,
        Need.Read => TokenScopes.Read | TokenScopes.Manage,
        Need.Manage => TokenScopes.Manage,
        Need.Administer => TokenScopes.None,
    };
}
