using System.Collections.Concurrent;
using Sealpost.Outboxes;
using Sealpost.Storage;

namespace Sealpost.Mailrooms;

/// <summary>
/// What the ledger's thread does between commits, a little at a time so that no publisher waits long: it reopens installs,
/// marks removed deliveries dead, and forgets old idempotency keys.
/// </summary>
/// <remarks><see cref="Add"/> is thread-safe; the rest is the ledger thread's own.</remarks>
/// <param name="mailrooms">What is told of each chore.</param>
/// <param name="store">Where they are done.</param>
/// <param name="commit">Knows which outcomes are in the store, and whether it is full.</param>
/// <param name="clock">The time.</param>
/// <param name="wake">Called when attempts or reads may be ready.</param>
/// <param name="rowsPerTurn">Rows of one turn: some milliseconds.</param>
internal sealed class LedgerChores(
    AllMailrooms mailrooms, ILedgerStore store, GroupCommit commit, TimeProvider clock, Action wake, int rowsPerTurn = 500)
{
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<Removal> _removals = new();
    private long _forgotAt = clock.GetTimestamp();

    /// <summary>Removals to carry through, from the start or from a change.</summary>
    public void Add(IEnumerable<Removal> removals)
    {
        foreach (var removal in removals)
        {
            _removals.Enqueue(removal);
        }
    }

    /// <summary>One chore's turn. True when more waits.</summary>
    public bool TakeTurn()
    {
        if (commit.IsFull)
        {
            return false;
        }

        try
        {
            return Reopen() || Remove() || Forget();
        }
        catch (StoreException e) when (e.Fault == StoreFault.Full)
        {
            // The next commit finds out and says so; the chore is tried again when there is room.
            return false;
        }
    }

    private bool Reopen()
    {
        if (mailrooms.NextReopening(commit.CommittedRecord) is not { } reopening)
        {
            return false;
        }

        mailrooms.Reopen(reopening, store.ReturnWaiting(reopening.Outbox.Install.Number, reopening.ForgetsAttempts));
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

        mailrooms.Removed(removed);
        if (removed.Count < rowsPerTurn)
        {
            mailrooms.EndRemoval(removal);
            wake();
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
            if (mailrooms.CanMark(removal, commit.CommittedRecord))
            {
                return removal;
            }

            _removals.Enqueue(removal);
        }

        return null;
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
