using System.Collections.Concurrent;
using Sealpost.Outboxes;
using Sealpost.Storage;

namespace Sealpost.Mailrooms;

/// <summary>
/// What the ledger's thread does between commits, a little at a time so that no publisher waits long: it reopens installs,
/// marks removed deliveries dead, and forgets old idempotency keys.
/// </summary>
/// <remarks><see cref="Add"/> is thread-safe; the rest is the ledger thread's own.</remarks>
internal sealed class LedgerChores(AllMailrooms mailrooms, ILedgerStore store, GroupCommit commit, TimeProvider clock, Action wake)
{
    /// <summary>Rows of one turn: some milliseconds.</summary>
    private const int RowsPerTurn = 500;

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
        if (!_removals.TryPeek(out var removal))
        {
            return false;
        }

        var removed = store.Remove(removal, clock.GetUtcNow(), RowsPerTurn);
        mailrooms.Removed(removed);
        if (removed.Count < RowsPerTurn)
        {
            _removals.TryDequeue(out _);
            mailrooms.EndRemoval(removal);
            wake();
        }

        return true;
    }

    private bool Forget()
    {
        if (clock.GetElapsedTime(_forgotAt) < ForgetInterval)
        {
            return false;
        }

        var isMore = store.ForgetAnswers(clock.GetUtcNow(), RowsPerTurn) == RowsPerTurn;
        if (!isMore)
        {
            _forgotAt = clock.GetTimestamp();
        }

        return isMore;
    }
}
