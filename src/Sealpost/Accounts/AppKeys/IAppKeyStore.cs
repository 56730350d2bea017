namespace Sealpost.Accounts.AppKeys;

/// <summary>Keeps app keys, their secrets sealed. Each method is one transaction.</summary>
internal interface IAppKeyStore
{
    /// <summary>All keys, the platform's too.</summary>
    IReadOnlyList<AppKey> Load();

    /// <summary>Keeps a new key. False when its account is gone.</summary>
    bool Add(AppKey key);

    /// <summary>Removes an account's key. False when the account has no such key.</summary>
    bool Remove(AccountId account, string consumerKey);
}
