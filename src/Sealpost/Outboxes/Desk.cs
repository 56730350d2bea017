using Sealpost.Dispatch;
using Sealpost.Retry;

namespace Sealpost.Outboxes;

/// <summary>
/// What the outboxes of a process share: the window of memory, the dispatcher, the due times, and the two lists that the loops
/// around them empty: outcomes to record, backlog to read.
/// </summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class Desk(Window window, Dispatcher dispatcher, RetryOptions retry)
{
    private readonly PriorityQueue<Lane, long> _held = new();
    private List<OutcomeRecord> _records = [];

    public Window Window { get; } = window;

    public Dispatcher Dispatcher { get; } = dispatcher;

    public RetryOptions Retry { get; } = retry;

    public RetryShelf Waiting { get; } = new();

    public Queue<ReadRequest> Reads { get; } = new();

    /// <summary>Records made so far; the last one's number.</summary>
    public long LastRecord { get; private set; }

    public int UnwrittenRecords => _records.Count;

    /// <summary>When the next held lane or waiting retry is due.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            DateTimeOffset? held = _held.TryPeek(out _, out var ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
            return held is null || Waiting.NextDue < held ? Waiting.NextDue ?? held : held;
        }
    }

    public void Record(OutcomeRecord record)
    {
        LastRecord++;
        _records.Add(record);
    }

    /// <summary>Hands the records over and goes on with <paramref name="empty"/>.</summary>
    public List<OutcomeRecord> SwapRecords(List<OutcomeRecord> empty)
    {
        var full = _records;
        _records = empty;
        return full;
    }

    public void Hold(Lane lane, DateTimeOffset until)
    {
        lane.BecomeHeld(until);
        _held.Enqueue(lane, until.UtcTicks);
    }

    /// <summary>The next lane whose wait is over; null when none is.</summary>
    public Lane? TakeHeld(DateTimeOffset now)
    {
        while (_held.TryPeek(out var lane, out var ticks) && ticks <= now.UtcTicks)
        {
            _held.Dequeue();

            // A lane that was released or emptied meanwhile left its old time behind.
            if (lane.State == LaneState.Held && lane.HeldUntil.UtcTicks == ticks)
            {
                return lane;
            }
        }

        return null;
    }
}
