using Sealpost.Accounts.AppKeys;

namespace Sealpost.Accounts;

/// <summary>The door for changes of accounts: the store first, then the directories. Thread safe.</summary>
public sealed class AccountRegistry
{
    private readonly IAccountStore _store;
    private readonly AccountDirectory _accounts;
    private readonly TokenDirectory _tokens;
    private readonly AppKeyDirectory _appKeys;
    private readonly TimeProvider _time;
    private readonly List<Action<AccountId>> _removals = [];
    private readonly Lock _changing = new();

    internal AccountRegistry(IAccountStore store, AccountDirectory accounts, TokenDirectory tokens, AppKeyDirectory appKeys, TimeProvider time)
    {
        _store = store;
        _accounts = accounts;
        _tokens = tokens;
        _appKeys = appKeys;
        _time = time;
    }

    /// <summary>The account, made when there is none: what an administrator's write does first (contract.md, HTTP).</summary>
    public Account Ensure(AccountId id)
    {
        if (_accounts.TryGet(id, out var present))
        {
            return present;
        }

        lock (_changing)
        {
            var account = _store.Ensure(id, _time.GetUtcNow());
            _accounts.Add(account);
            return account;
        }
    }

    /// <summary>Has each removed account told after its commit, so that nothing of it is remembered for another of its id. The reaction is quick.</summary>
    internal void WhenRemoved(Action<AccountId> reaction)
    {
        lock (_changing)
        {
            _removals.Add(reaction);
        }
    }

    /// <summary>Removes an account without installs and certificates; its tokens and app keys open nothing from then on.</summary>
    internal AccountRemoval Remove(AccountId id)
    {
        lock (_changing)
        {
            if (!_accounts.TryGet(id, out var account))
            {
                return AccountRemoval.NotFound;
            }

            var removal = _store.Remove(account, _time.GetUtcNow());
            if (removal == AccountRemoval.Removed)
            {
                _accounts.Remove(account);
                _tokens.Remove(token => token.Account == id);
                _appKeys.RemoveAll(id);
                _removals.ForEach(reaction => reaction(id));
            }

            return removal;
        }
    }
}
