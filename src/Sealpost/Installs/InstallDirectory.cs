using System.Collections.Concurrent;
using Sealpost.Accounts;

namespace Sealpost.Installs;

/// <summary>
/// All installs, in memory, as of the last commit: one immutable snapshot for each account, swapped whole. Reads take no lock and
/// allocate nothing. Thread safe.
/// </summary>
public sealed class InstallDirectory
{
    private readonly ConcurrentDictionary<AccountId, AccountInstalls> _accounts = new();
    private readonly ConcurrentDictionary<int, Install> _byNumber = new();

    internal InstallDirectory(IEnumerable<StoredInstalls> accounts)
    {
        foreach (var stored in accounts)
        {
            _accounts[stored.Account] = new AccountInstalls(stored.Revision, stored.Installs);
            foreach (var install in stored.Installs)
            {
                _byNumber[install.Number] = install;
            }
        }
    }

    /// <summary>The account's installs as of now; they do not change under the reader.</summary>
    public AccountInstalls Snapshot(AccountId account) => _accounts.GetValueOrDefault(account) ?? AccountInstalls.None;

    /// <summary>Who is owed an event of this type in this account: disabled installs too. Nobody writes to the array.</summary>
    public Install[] Subscribers(AccountId account, string eventType) => Snapshot(account).Subscribers(eventType);

    /// <summary>Null when the account has no such install, or it is deleted.</summary>
    public Install? Find(AccountId account, Guid clientId) => Snapshot(account).Find(clientId);

    /// <summary>Null when no install has this number, or it is deleted.</summary>
    public Install? Find(int number) => _byNumber.GetValueOrDefault(number);

    /// <summary>The account's installs in the order of their making, without deleted ones.</summary>
    public IReadOnlyList<Install> All(AccountId account) => Snapshot(account).All;

    /// <summary>Every account's installs.</summary>
    public IEnumerable<Install> All() => _byNumber.Values;

    internal void Put(Install changed, long accountRevision)
    {
        _accounts[changed.Account] = Snapshot(changed.Account).With(changed, accountRevision);
        if (changed.Deleted)
        {
            _byNumber.TryRemove(changed.Number, out _);
        }
        else
        {
            _byNumber[changed.Number] = changed;
        }
    }
}
