using Sealpost.Dispatch;
using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Outboxes;

/// <summary>
/// What the outboxes of a process share: the window of memory, the dispatcher, the due times, and the lists that the loops
/// around them empty: what to record, to read, to sweep, to tell.
/// </summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class Desk(Window window, Dispatcher dispatcher, OutboxOptions options, FindRoute findRoute)
{
    private readonly PriorityQueue<Outbox, long> _alarms = new();
    private readonly List<Outbox> _unsettled = [];
    private RecordBatch _records = new();

    public Window Window { get; } = window;

    public Dispatcher Dispatcher { get; } = dispatcher;

    public OutboxOptions Options { get; } = options;

    /// <summary>How endpoints are reached.</summary>
    public FindRoute FindRoute { get; } = findRoute;

    public RetryShelf Waiting { get; } = new();

    public Queue<ReadRequest> Reads { get; } = new();

    /// <summary>Outboxes in which something has expired.</summary>
    public Queue<Outbox> Sweeps { get; } = new();

    /// <summary>News of installs.</summary>
    public Queue<Note> Notes { get; } = new();

    /// <summary>Records made so far; the last one's number.</summary>
    public long LastRecord { get; private set; }

    /// <summary>The last record that is in the store.</summary>
    public long CommittedRecord { get; private set; }

    public int UnwrittenRecords => _records.Count;

    /// <summary>When the next waiting retry, round or expiry is due.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            DateTimeOffset? alarm = _alarms.TryPeek(out _, out var ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
            return alarm is null || Waiting.NextDue < alarm ? Waiting.NextDue ?? alarm : alarm;
        }
    }

    public void Record(OutcomeRecord record)
    {
        LastRecord++;
        _records.Outcomes.Add(record);
    }

    public void Record(int install, Standing standing)
    {
        LastRecord++;
        _records.Standings[install] = standing;
    }

    /// <summary>Hands the records over and goes on with <paramref name="empty"/>.</summary>
    public RecordBatch SwapRecords(RecordBatch empty)
    {
        var full = _records;
        _records = empty;
        return full;
    }

    /// <summary>Records up to this one are in the store: whoever waited for that goes on.</summary>
    public void Settle(long record)
    {
        CommittedRecord = record;
        if (_unsettled.Count == 0)
        {
            return;
        }

        var waiting = _unsettled.ToList();
        _unsettled.Clear();
        waiting.ForEach(outbox => outbox.Settled());
    }

    /// <summary>The outbox is told (<see cref="Outbox.Settled"/>) once its records are in the store.</summary>
    public void AwaitCommit(Outbox outbox)
    {
        if (!_unsettled.Contains(outbox))
        {
            _unsettled.Add(outbox);
        }
    }

    public void SetAlarm(Outbox outbox, DateTimeOffset at) => _alarms.Enqueue(outbox, at.UtcTicks);

    /// <summary>The next outbox whose alarm rings; null when none does.</summary>
    public Outbox? TakeRinging(DateTimeOffset now)
    {
        while (_alarms.TryPeek(out var outbox, out var ticks) && ticks <= now.UtcTicks)
        {
            _alarms.Dequeue();

            // An alarm that was set to another time left its old one behind.
            if (outbox.AlarmAt is { } at && at.UtcTicks == ticks)
            {
                return outbox;
            }
        }

        return null;
    }
}
