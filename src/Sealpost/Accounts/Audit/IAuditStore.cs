namespace Sealpost.Accounts.Audit;

/// <summary>Keeps the audit. Each method is one transaction, durable when it returns.</summary>
internal interface IAuditStore
{
    /// <summary>Keeps new entries and raises the counts of kept ones.</summary>
    /// <returns>The ids of the new ones, in their order.</returns>
    /// <exception cref="Storage.StoreException">Nothing was kept.</exception>
    IReadOnlyList<long> Write(IReadOnlyList<AuditEntry> entries, IReadOnlyList<RaisedCount> counts);

    /// <summary>An account's entries, newest first; of account 0 those that belong to none.</summary>
    IReadOnlyList<AuditEntry> List(int account, AuditFilter filter);

    /// <summary>Forgets entries that are older than <paramref name="before"/>, oldest first, and those not done beyond the newest <paramref name="keepNotDone"/>.</summary>
    /// <returns>How many it forgot; <paramref name="atMost"/> or more: there may be others.</returns>
    int Forget(DateTimeOffset before, int keepNotDone, int atMost);
}

/// <summary>A kept entry stands for more than before.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Times">For how many now.</param>
/// <param name="LastAt">When the last of them was.</param>
internal readonly record struct RaisedCount(long Id, int Times, DateTimeOffset LastAt);

/// <summary>Which entries a list shows.</summary>
internal sealed record AuditFilter
{
    public const int MaxLimit = 500;

    public int Limit { get; init; } = 100;

    /// <summary>Those at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Those before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Those behind this one: the last of the page before.</summary>
    public AuditCursor? Before { get; init; }
}
