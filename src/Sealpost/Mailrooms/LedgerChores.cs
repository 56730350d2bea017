using System.Collections.Concurrent;
using Sealpost.Deliveries;
using Sealpost.Outboxes;
using Sealpost.Retry;
using Sealpost.Storage;
using Sealpost.Telemetry;

namespace Sealpost.Mailrooms;

/// <summary>
/// What the ledger's thread does between commits, a little at a time so that no publisher waits long: it reopens installs,
/// marks removed and expired deliveries dead, and forgets old idempotency keys.
/// </summary>
/// <remarks><see cref="Add"/> and <see cref="WhenEnded"/> are thread-safe; the rest is the ledger thread's own.</remarks>
/// <param name="mailrooms">What is told of each chore.</param>
/// <param name="store">Where they are done.</param>
/// <param name="commit">Knows whether the store is full, and is told.</param>
/// <param name="metrics">Count what dies here.</param>
/// <param name="clock">The time.</param>
/// <param name="wake">Called when attempts or reads may be ready.</param>
/// <param name="rowsPerTurn">Rows of one turn: some milliseconds.</param>
/// <param name="tell">Told of what dies here; quick.</param>
internal sealed class LedgerChores(
    AllMailrooms mailrooms, ILedgerStore store, GroupCommit commit, SealpostMetrics metrics, TimeProvider clock, Action wake, int rowsPerTurn = 500, Action<Deaths>? tell = null)
{
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<Removal> _removals = new();
    private readonly ConcurrentDictionary<Removal, TaskCompletionSource> _ends = new();
    private long _forgotAt = clock.GetTimestamp();

    /// <summary>Removals to carry through, from the start or from a change.</summary>
    public void Add(IEnumerable<Removal> removals)
    {
        foreach (var removal in removals)
        {
            _removals.Enqueue(removal);
        }
    }

    /// <summary>Ends when the store is through with a removal that is added after.</summary>
    public Task WhenEnded(Removal removal) =>
        _ends.GetOrAdd(removal, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>One chore's turn. True when more waits.</summary>
    public bool TakeTurn()
    {
        if (commit.IsFull)
        {
            return false;
        }

        try
        {
            return Reopen() || Remove() || Sweep() || Forget();
        }
        catch (StoreException e) when (e.Fault == StoreFault.Full)
        {
            // The chore is tried again when there is room.
            commit.FindFull(e);
            return false;
        }
    }

    private bool Reopen()
    {
        if (mailrooms.NextReopening() is not { } reopening)
        {
            return false;
        }

        var returned = store.ReturnWaiting(reopening.Outbox.Install.Number, reopening.EndsNumbers, rowsPerTurn);
        mailrooms.Reopen(reopening.Outbox, returned, areAll: returned.Count < rowsPerTurn, clock.GetUtcNow());
        wake();
        return true;
    }

    private bool Remove()
    {
        if (NextRemoval() is not { } removal)
        {
            return false;
        }

        List<RemovedDelivery> removed;
        try
        {
            removed = store.Remove(removal, clock.GetUtcNow(), rowsPerTurn);
        }
        catch (StoreException)
        {
            _removals.Enqueue(removal);
            throw;
        }

        CountDead(removal.Install, removal.Reason, removed);
        mailrooms.Removed(removed, clock.GetUtcNow());
        if (removed.Count < rowsPerTurn)
        {
            mailrooms.EndRemoval(removal);
            wake();
            if (_ends.TryRemove(removal, out var end))
            {
                end.SetResult();
            }
        }
        else
        {
            _removals.Enqueue(removal);
        }

        return true;
    }

    // Those that wait for an attempt in flight do not keep the others.
    private Removal? NextRemoval()
    {
        for (var left = _removals.Count; left > 0 && _removals.TryDequeue(out var removal); left--)
        {
            if (mailrooms.CanMark(removal))
            {
                return removal;
            }

            _removals.Enqueue(removal);
        }

        return null;
    }

    private bool Sweep()
    {
        var now = clock.GetUtcNow();
        if (mailrooms.BeginSweep(now) is not { } sweep)
        {
            return false;
        }

        SweptBatch batch;
        try
        {
            batch = store.Expire(sweep.Outbox.Install.Number, sweep.AcceptedThrough, sweep.Reason, sweep.InMemory, now, rowsPerTurn);
        }
        catch (StoreException)
        {
            mailrooms.CancelSweep(sweep);
            throw;
        }

        CountDead(sweep.Outbox.Install.Number, sweep.Reason, batch.Dead);
        mailrooms.EndSweep(sweep, batch, now);
        wake();
        return true;
    }

    private void CountDead(int install, DeadReason reason, IReadOnlyList<RemovedDelivery> dead)
    {
        for (var i = 0; i < dead.Count; i++)
        {
            metrics.Dead(reason);
        }

        if (tell is not null && dead.Count > 0)
        {
            tell(new Deaths(install, reason, clock.GetUtcNow(), [.. dead.Select(delivery => new DeliveryId(delivery.Delivery))]));
        }
    }

    private bool Forget()
    {
        if (clock.GetElapsedTime(_forgotAt) < ForgetInterval)
        {
            return false;
        }

        var isMore = store.ForgetAnswers(clock.GetUtcNow(), rowsPerTurn) == rowsPerTurn;
        if (!isMore)
        {
            _forgotAt = clock.GetTimestamp();
        }

        return isMore;
    }
}
