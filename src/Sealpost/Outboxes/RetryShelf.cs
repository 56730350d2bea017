namespace Sealpost.Outboxes;

/// <summary>A retry by numbers that waits for its due time.</summary>
/// <param name="Delivery">The delivery's id.</param>
/// <param name="Install">Whose it is.</param>
/// <param name="Attempts">Attempts made; the store may not know of the last one yet.</param>
/// <param name="Era">The outbox's <see cref="Outbox.Era"/>: one of an older era is back in its lane.</param>
internal readonly record struct DueRetry(long Delivery, int Install, int Attempts, int Era = 0);

/// <summary>
/// The retries by numbers of all installs, by due time. Holds ids alone, some forty bytes for each; the bytes are read back
/// when the time has come.
/// </summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class RetryShelf
{
    private readonly PriorityQueue<DueRetry, (long Due, long Id)> _byDue = new();

    public DateTimeOffset? NextDue =>
        _byDue.TryPeek(out _, out var at) ? new DateTimeOffset(at.Due, TimeSpan.Zero) : null;

    public void Add(DueRetry retry, DateTimeOffset dueAt) => _byDue.Enqueue(retry, (dueAt.UtcTicks, retry.Delivery));

    /// <summary>Takes what is due at <paramref name="now"/>, at most <paramref name="limit"/>, the longest due first.</summary>
    public List<DueRetry> TakeDue(DateTimeOffset now, int limit)
    {
        var due = new List<DueRetry>();
        while (due.Count < limit && _byDue.TryPeek(out _, out var at) && at.Due <= now.UtcTicks)
        {
            due.Add(_byDue.Dequeue());
        }

        return due;
    }
}
