namespace Sealpost.Outboxes;

/// <summary>
/// An install's stored deliveries that are not in memory, and how far they have been read back: a cursor goes through them in
/// accepted order and hands each to its lane; a lane without room lets it pass and reads the passed ones back by itself.
/// </summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class Backlog
{
    private long _cursor;
    private long _tail;

    // Beyond the tail when lanes read their latest back by themselves.
    private long _lastStored;

    public StoredLanes Lanes { get; } = new();

    /// <summary>Changes whenever the cursor goes back, so that an answer to an older page is void.</summary>
    public int Epoch { get; private set; }

    public bool IsReading { get; private set; }

    /// <summary>Once begun, pages follow one another until the window is full.</summary>
    public bool IsFilling { get; set; }

    /// <summary>What the next delivery takes, where the last page stopped at it for want of room; else 0.</summary>
    public long BytesWanted { get; set; }

    /// <summary>Stored deliveries remain that the cursor has not passed.</summary>
    public bool HasMore => _cursor < _tail && Lanes.Total > 0;

    /// <summary>A delivery was stored without being kept in memory.</summary>
    public void Append(long id, long conversation, long sequence)
    {
        if (!HasMore)
        {
            _cursor = id - 1;
        }

        Lanes.Append(conversation, sequence);
        _lastStored = Math.Max(_lastStored, id);
        _tail = Math.Max(_tail, id);
    }

    /// <summary>
    /// A delivery was stored whose lane reads it back by itself. Only while the cursor has nothing left: otherwise it comes by here,
    /// after what was stored before.
    /// </summary>
    public void AppendPassed(Lane lane, long id, long sequence)
    {
        Lanes.Append(lane.Key, sequence);
        _lastStored = Math.Max(_lastStored, id);
        lane.Passed.Add(id);
    }

    /// <summary>Deliveries left memory, or came back from beside their lanes: the cursor starts over.</summary>
    public void Rewind(long throughId)
    {
        _cursor = 0;
        _lastStored = Math.Max(_lastStored, throughId);
        _tail = _lastStored;
        BytesWanted = 0;
        Epoch++;
        IsReading = false;
        IsFilling = false;
    }

    public PageRead BeginPage(Outbox outbox)
    {
        IsReading = true;
        return new PageRead(outbox, _cursor, _tail, Epoch, outbox.Desk.Window.PageRows);
    }

    public void EndPage() => IsReading = false;

    /// <summary>The cursor has passed everything up to this id.</summary>
    public void Pass(long id)
    {
        _cursor = Math.Max(_cursor, id);
        BytesWanted = 0;
    }
}
