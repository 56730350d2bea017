namespace Sealpost.Outboxes;

/// <summary>
/// An install's stored deliveries that are not in memory, and how far they have been read back: a cursor goes through them in
/// accepted order and hands each to its lane; a lane without room lets it pass and reads the passed ones back by itself. It goes past
/// the lanes that are held, and comes back for them.
/// </summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class Backlog
{
    private long _cursor;
    private long _tail;

    // Beyond the tail when lanes read their latest back by themselves.
    private long _lastStored;
    private PageRead? _page;

    public StoredLanes Lanes { get; } = new();

    /// <summary>Those of <see cref="Lanes"/> that the cursor goes past.</summary>
    public HeldLanes Held { get; } = new();

    /// <summary>Changes whenever all lanes leave memory, so that what a lane asked for before is void.</summary>
    public int Epoch { get; private set; }

    public bool IsReading => _page is not null;

    /// <summary>Once begun, pages follow one another until the window is full.</summary>
    public bool IsFilling { get; set; }

    /// <summary>What the next delivery takes, where the last page stopped at it for want of room; else 0.</summary>
    public long BytesWanted { get; set; }

    /// <summary>Stored deliveries remain that the cursor has not passed.</summary>
    public bool HasMore => _cursor < _tail && Lanes.Total > 0;

    /// <summary>A delivery was stored without being kept in memory.</summary>
    public void Append(long id, long conversation, long sequence)
    {
        // The cursor does not move for what it would go past.
        if (!Held.Contains(conversation))
        {
            _cursor = HasMore ? _cursor : id - 1;
            _tail = Math.Max(_tail, id);
        }

        Lanes.Append(conversation, sequence);
        _lastStored = Math.Max(_lastStored, id);
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

    /// <summary>A conversation is held from here on, whether its deliveries left memory or were never there.</summary>
    /// <param name="conversation">One of <see cref="Lanes"/>.</param>
    /// <param name="head">Its first delivery.</param>
    /// <param name="throughId">The last one that was in memory.</param>
    /// <param name="eventType">What the first is.</param>
    /// <param name="expiresAt">When that expires; null: it does not.</param>
    public void Hold(long conversation, long head, long throughId, string eventType, DateTimeOffset? expiresAt)
    {
        Held.Add(conversation, head, eventType, expiresAt);
        _lastStored = Math.Max(_lastStored, throughId);
    }

    /// <summary>Held lanes may go on: the cursor goes back to where the first of them begins.</summary>
    public void Release()
    {
        if (!Held.IsEmpty)
        {
            GoBack(Math.Min(_cursor, Held.FirstId - 1));
        }
    }

    /// <summary>All lanes left memory, or deliveries came back from beside their lanes: the cursor starts over.</summary>
    public void Rewind(long throughId)
    {
        _lastStored = Math.Max(_lastStored, throughId);
        GoBack(0);
        Epoch++;
        IsFilling = false;
    }

    public PageRead BeginPage(Outbox outbox) => _page = new PageRead(outbox, _cursor, _tail, outbox.Desk.Window.PageRows);

    /// <summary>Whether an answer to this is still wanted: the cursor has not gone back since it was asked for.</summary>
    public bool Awaits(PageRead page) => ReferenceEquals(page, _page);

    public void EndPage() => _page = null;

    /// <summary>The cursor has passed everything up to this id.</summary>
    public void Pass(long id)
    {
        _cursor = Math.Max(_cursor, id);
        BytesWanted = 0;
    }

    private void GoBack(long cursor)
    {
        (_cursor, _tail, _page, BytesWanted) = (cursor, _lastStored, null, 0);
        Held.Clear();
    }
}
