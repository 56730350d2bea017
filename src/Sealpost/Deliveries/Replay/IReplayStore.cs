namespace Sealpost.Deliveries.Replay;

/// <summary>Keeps replays of ranges. Their progress is the ledger's to write, in the transaction of what it accepts. Thread-safe.</summary>
/// <exception cref="Storage.StoreException">Any call may throw it.</exception>
internal interface IReplayStore
{
    /// <summary>Makes a job; null when the install has one that is running.</summary>
    ReplayJob? Create(int account, ReplayRange range, DateTimeOffset now);

    /// <summary>Null when the account has no such job.</summary>
    ReplayJob? Find(int account, ReplayId id);

    /// <summary>The account's jobs, newest first.</summary>
    List<ReplayJob> List(int account, int limit);

    /// <summary>The running jobs of all accounts, oldest first.</summary>
    List<ReplayJob> Running();

    /// <summary>The job's next deliveries behind one: at most <paramref name="most"/>, and no more bytes than a commit bears.</summary>
    ReplayPage Look(ReplayJob job, long afterId, int most);

    /// <summary>As many of the job's deliveries as are behind one, among those that one turn looks at.</summary>
    (long Count, long LookedThrough, bool IsEnd) Count(ReplayJob job, long afterId);

    /// <summary>All of the job's deliveries have been counted.</summary>
    void SetTotal(ReplayId id, long total);

    /// <summary>
    /// Ends a job; false when it is not running. What a job that is done took and the store did not have any more counts as skipped.
    /// </summary>
    bool Finish(ReplayId id, ReplayState state, string? error, DateTimeOffset now);

    /// <summary>Those of the deliveries that are in their lanes: neither over nor waiting beside them for a retry.</summary>
    List<DeliveryId> InLane(IReadOnlyCollection<DeliveryId> deliveries);
}
