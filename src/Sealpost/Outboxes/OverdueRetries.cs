namespace Sealpost.Outboxes;

/// <summary>
/// The retries by numbers of one install whose time has come and that wait for room in the window: after a long outage there
/// may be a million, of which only a few may be in memory. Those without a way to their endpoint are held here, too.
/// </summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class OverdueRetries
{
    private readonly Queue<DueRetry> _due = new();
    private readonly Dictionary<long, (DueRetry Retry, string EventType)> _held = [];
    private DueRead? _reading;
    private long _bytesWanted;

    public bool HasHeld => _held.Count > 0;

    public void Add(DueRetry retry) => _due.Enqueue(retry);

    /// <summary>It has no way now: it is not read again before it is released.</summary>
    public void Hold(DueRetry retry, string eventType) => _held[retry.Delivery] = (retry, eventType);

    /// <summary>What a held one is; null when it is not held.</summary>
    public string? HeldTypeOf(long delivery) => _held.TryGetValue(delivery, out var held) ? held.EventType : null;

    /// <summary>Those that are held for these event types are wanted again.</summary>
    public void Release(Func<string, bool> eventTypes)
    {
        foreach (var (retry, _) in _held.Values.Where(held => eventTypes(held.EventType)).ToList())
        {
            _held.Remove(retry.Delivery);
            _due.Enqueue(retry);
        }
    }

    /// <summary>Asks for the next ones if there is room.</summary>
    public void ReadOn(Outbox outbox)
    {
        if (_reading is not null || _due.Count == 0 || !outbox.HasRoomFor(Math.Max(1, _bytesWanted)))
        {
            return;
        }

        var due = new List<DueRetry>();
        while (due.Count < DueRead.Most && _due.TryDequeue(out var retry))
        {
            due.Add(retry);
        }

        _reading = new DueRead(outbox, due);
        outbox.Desk.Reads.Enqueue(_reading);
    }

    /// <summary>Takes what was read, as far as there is room; what is not pending any more is left out.</summary>
    public void Apply(DueRead read, IReadOnlyList<StoredDelivery> deliveries, DateTimeOffset now)
    {
        if (read != _reading)
        {
            return;
        }

        _reading = null;
        _bytesWanted = 0;
        var byId = deliveries.ToDictionary(delivery => delivery.Id);
        foreach (var retry in read.Due)
        {
            if (!byId.TryGetValue(retry.Delivery, out var delivery))
            {
                continue;
            }

            if (_bytesWanted > 0 || !read.Outbox.HasRoomFor(delivery.Body.Length))
            {
                _bytesWanted = _bytesWanted > 0 ? _bytesWanted : delivery.Body.Length;
                _due.Enqueue(retry);
                continue;
            }

            // The record of its last attempt may not be in the store yet.
            var pending = delivery.ToPending(isByNumbers: true);
            pending.Attempts = retry.Attempts;
            read.Outbox.LoadLoose(pending, now);
        }

        read.Outbox.ReadOn();
    }

    /// <summary>A read under way is void: its retries wait again.</summary>
    public void Void()
    {
        foreach (var retry in _reading?.Due ?? [])
        {
            _due.Enqueue(retry);
        }

        _reading = null;
        _bytesWanted = 0;
    }

    /// <summary>All are put back into their lanes by the store.</summary>
    public void Clear()
    {
        _due.Clear();
        _held.Clear();
        _reading = null;
        _bytesWanted = 0;
    }
}
