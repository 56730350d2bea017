namespace Sealpost.Accounts.AppKeys;

/// <summary>The door for changes of app keys, in the store and in the directory. Thread safe.</summary>
internal sealed class AppKeyRegistry
{
    private const string PlatformName = "platform";

    private readonly IAppKeyStore _store;
    private readonly AppKeyDirectory _keys;
    private readonly TimeProvider _time;
    private readonly Lock _changing = new();

    public AppKeyRegistry(IAppKeyStore store, AppKeyDirectory keys, TimeProvider time)
    {
        _store = store;
        _keys = keys;
        _time = time;
    }

    /// <summary>Makes the platform's own key where there is none: at the first start.</summary>
    public void EnsurePlatform()
    {
        lock (_changing)
        {
            if (!_keys.HasPlatform)
            {
                Keep(AppKey.New(account: null, PlatformName, AppKeyPrivileges.All, _time.GetUtcNow()));
            }
        }
    }

    /// <summary>A new key of an account: its secrets are shown by the caller of this alone. Null when the account is gone.</summary>
    public AppKey? Issue(AccountId account, string name, AppKeyPrivileges privileges)
    {
        lock (_changing)
        {
            var key = AppKey.New(account, name, privileges, _time.GetUtcNow());
            return Keep(key) ? key : null;
        }
    }

    /// <summary>The key opens nothing when this returns. False when the account has no such key.</summary>
    public bool Revoke(AccountId account, string consumerKey)
    {
        lock (_changing)
        {
            var removed = _store.Remove(account, consumerKey);
            if (removed)
            {
                _keys.Remove(consumerKey);
            }

            return removed;
        }
    }

    // In memory first: nobody knows its secrets yet, and an account that is removed at this moment takes it along.
    private bool Keep(AppKey key)
    {
        var kept = false;
        _keys.Add(key);
        try
        {
            kept = _store.Add(key);
        }
        finally
        {
            if (!kept)
            {
                _keys.Remove(key.ConsumerKey);
            }
        }

        return kept;
    }
}
