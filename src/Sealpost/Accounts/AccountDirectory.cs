using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Sealpost.Accounts;

/// <summary>All accounts, in memory, as of the last commit. Reads take no lock and allocate nothing. Thread safe.</summary>
public sealed class AccountDirectory
{
    private readonly ConcurrentDictionary<AccountId, Account> _byId = new();
    private readonly ConcurrentDictionary<int, Account> _byNumber = new();

    internal AccountDirectory(IEnumerable<Account> accounts)
    {
        foreach (var account in accounts)
        {
            Add(account);
        }
    }

    /// <summary>The accounts in the order of their ids.</summary>
    public IReadOnlyList<Account> All => [.. _byId.Values.OrderBy(account => account.Id.Value, StringComparer.Ordinal)];

    /// <summary>False when there is no such account.</summary>
    public bool TryGet(AccountId id, [NotNullWhen(true)] out Account? account) => _byId.TryGetValue(id, out account);

    /// <summary>False when there is no such account.</summary>
    public bool TryGetNumber(AccountId id, out int number)
    {
        var found = _byId.TryGetValue(id, out var account);
        number = found ? account!.Number : 0;
        return found;
    }

    /// <summary>False when there is no account of this number, or it was deleted.</summary>
    public bool TryGet(int number, [NotNullWhen(true)] out Account? account) => _byNumber.TryGetValue(number, out account);

    internal void Add(Account account)
    {
        _byNumber[account.Number] = account;
        _byId[account.Id] = account;
    }

    internal void Remove(Account account)
    {
        _byId.TryRemove(account.Id, out _);
        _byNumber.TryRemove(account.Number, out _);
    }
}
