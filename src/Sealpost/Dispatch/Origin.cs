namespace Sealpost.Dispatch;

/// <summary>
/// One scheme, host and port that endpoints share, however many installs point there: its limit, what is in flight to it, and
/// the lanes that wait for it, taken in turn over their owners.
/// </summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class Origin
{
    private readonly Dictionary<int, Queue<QueuedLane>> _byOwner = [];
    private readonly Queue<int> _turns = new();

    public Origin(string name, int limit, OriginRow row)
    {
        Name = name;
        Limit = new AdaptiveLimit(limit);
        Row = row;
        Turn = new LinkedListNode<Origin>(this);
    }

    public string Name { get; }

    public AdaptiveLimit Limit { get; }

    public int InFlight { get; set; }

    /// <summary>The row that counts what is in flight to it.</summary>
    public OriginRow Row { get; set; }

    /// <summary>Its place in that row; in no list while it cannot send, or has not been found to.</summary>
    public LinkedListNode<Origin> Turn { get; }

    public bool CanSend => _turns.Count > 0 && InFlight < Limit.Current;

    public bool IsIdle => _turns.Count == 0 && InFlight == 0;

    public void Enqueue(QueuedLane lane)
    {
        if (!_byOwner.TryGetValue(lane.Owner, out var lanes))
        {
            _byOwner.Add(lane.Owner, lanes = new Queue<QueuedLane>());
            _turns.Enqueue(lane.Owner);
        }

        lanes.Enqueue(lane);
    }

    /// <summary>The next lane that is still ready for this origin; null when none is.</summary>
    public QueuedLane? Dequeue()
    {
        while (_turns.TryDequeue(out var owner))
        {
            var lanes = _byOwner[owner];
            QueuedLane? ready = null;
            while (ready is null && lanes.TryDequeue(out var lane))
            {
                // A lane that was emptied, or whose endpoint changed, left its old place in the row behind.
                ready = lane.IsReady && lane.Origin == this ? lane : null;
            }

            if (lanes.Count > 0)
            {
                _turns.Enqueue(owner);
            }
            else
            {
                _byOwner.Remove(owner);
            }

            if (ready is not null)
            {
                return ready;
            }
        }

        return null;
    }
}
