namespace Sealpost.Dispatch;

/// <summary>The origins of one reputation that can send, in turn, and what is in flight to all of that reputation.</summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms. Every step is constant time.</remarks>
internal sealed class OriginRow
{
    private readonly LinkedList<Origin> _turns = new();

    public int InFlight { get; private set; }

    public bool IsEmpty => _turns.Count == 0;

    /// <summary>Puts an origin that can send at the end, where it does not stand in the row already.</summary>
    public void List(Origin origin)
    {
        if (origin.Turn.List is null && origin.CanSend)
        {
            _turns.AddLast(origin.Turn);
        }
    }

    /// <summary>The lane whose turn it is, counted as in flight; null when none is ready.</summary>
    public QueuedLane? Pick()
    {
        while (_turns.First is { } first)
        {
            _turns.RemoveFirst();
            var origin = first.Value;
            if (origin.CanSend && origin.Dequeue() is { } lane)
            {
                origin.InFlight++;
                InFlight++;
                List(origin);
                return lane;
            }
        }

        return null;
    }

    /// <summary>An attempt to an origin that is counted here has ended.</summary>
    public void Release(Origin origin)
    {
        origin.InFlight--;
        InFlight--;
    }

    /// <summary>Takes over an origin, with what is in flight to it, that was counted in another row.</summary>
    public void TakeOver(Origin origin, OriginRow from)
    {
        from.InFlight -= origin.InFlight;
        InFlight += origin.InFlight;
        if (origin.Turn.List is not null)
        {
            from._turns.Remove(origin.Turn);
        }

        origin.Row = this;
    }
}
