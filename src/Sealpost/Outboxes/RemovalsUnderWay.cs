namespace Sealpost.Outboxes;

/// <summary>
/// The removals of one install that the store is not through with. Marking begins when none of their deliveries is in memory
/// and all that happened to them before is in the store: then store and memory count the same.
/// </summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class RemovalsUnderWay
{
    private readonly List<Removal> _removals = [];
    private int _inFlight;
    private long _settledRecord;

    public bool IsEmpty => _removals.Count == 0;

    /// <summary>Takes those that are new; false when none is.</summary>
    /// <param name="removals">What the store says is to be removed.</param>
    /// <param name="inFlight">The install's deliveries in flight: those that are removed end with this attempt.</param>
    /// <param name="lastRecord">The outbox's last record.</param>
    public bool Begin(IReadOnlyList<Removal> removals, IEnumerable<PendingDelivery> inFlight, long lastRecord)
    {
        var begun = removals.Except(_removals).ToList();
        if (begun.Count == 0)
        {
            return false;
        }

        _removals.AddRange(begun);
        _settledRecord = lastRecord;
        foreach (var delivery in inFlight.Where(delivery => delivery.RemovedBecause is null))
        {
            delivery.RemovedBecause = begun.Find(removal => removal.Covers(delivery.EventType, delivery.Id, delivery.ConversationKey))?.Reason;
            _inFlight += delivery.RemovedBecause is null ? 0 : 1;
        }

        return true;
    }

    /// <summary>Whether marking may begin.</summary>
    public bool CanMark(long committedRecord) => _inFlight == 0 && _settledRecord <= committedRecord;

    /// <summary>The last attempt of a removed delivery has ended with this record.</summary>
    public void Ended(long record)
    {
        _inFlight--;
        _settledRecord = record;
    }

    public void End(Removal removal) => _removals.Remove(removal);
}
