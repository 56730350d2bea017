namespace Sealpost.Accounts;

/// <summary>Keeps accounts and the hashes of their tokens. Each method is one transaction.</summary>
internal interface IAccountStore
{
    IReadOnlyList<Account> LoadAccounts();

    /// <summary>All tokens and bearers that have not expired at <paramref name="now"/>.</summary>
    IReadOnlyList<StoredToken> LoadTokens(DateTimeOffset now);

    /// <summary>The account of this id; made when there is none.</summary>
    Account Ensure(AccountId id, DateTimeOffset now);

    /// <summary>Removes an account with its tokens, app keys and mappings, unless it has installs or certificates.</summary>
    AccountRemoval Remove(Account account, DateTimeOffset now);

    /// <summary>Keeps a new token, and drops what has expired at its creation. False when its account or its parent is gone.</summary>
    bool Add(StoredToken token);

    /// <summary>Removes a token of an account and the bearers that were given for it; the ids of what was removed.</summary>
    IReadOnlyList<string> RemoveToken(AccountId account, string id);
}

/// <summary>What became of the wish to remove an account.</summary>
internal enum AccountRemoval
{
    Removed,
    NotFound,

    /// <summary>It has installs: they are deleted first, one by one, so that nobody drops a customer's backlog by one call.</summary>
    HasInstalls,

    /// <summary>It has certificates: they are deleted first, so that their keys are wiped from the vault.</summary>
    HasCertificates,
}
