namespace Sealpost.Outboxes;

/// <summary>
/// Which conversations of an install have deliveries in the store that are not in memory: how many, and from which sequence
/// on. A few bytes for each conversation, so a million stored events cost little.
/// </summary>
/// <remarks>
/// The stored deliveries of a lane always come after its deliveries in memory. So a row read from the store is a stored one
/// exactly when its sequence is not below <see cref="Lane.First"/> of its conversation; one below is in memory, or done with
/// its outcome not recorded yet, and must not be loaded again.
/// </remarks>
internal sealed class StoredLanes
{
    private readonly Dictionary<long, Lane> _lanes = [];

    /// <summary>Stored deliveries of all lanes.</summary>
    public long Total { get; private set; }

    public bool Contains(long conversation) => _lanes.ContainsKey(conversation);

    /// <summary>Whether a row read from the store is a stored delivery, rather than one in memory or already done.</summary>
    public bool Holds(long conversation, long sequence) =>
        _lanes.TryGetValue(conversation, out var lane) && sequence >= lane.First;

    /// <summary>The sequence from which on the lane is stored; null when nothing of it is.</summary>
    public long? FirstOf(long conversation) => _lanes.TryGetValue(conversation, out var lane) ? lane.First : null;

    /// <summary>A delivery was stored behind all others of its lane.</summary>
    public void Append(long conversation, long sequence)
    {
        ref var lane = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_lanes, conversation, out var had);
        lane = had ? lane with { Count = lane.Count + 1 } : new Lane(1, (uint)sequence);
        Total++;
    }

    /// <summary>A delivery that stood beside its lane came back to its accepted place.</summary>
    public void Insert(long conversation, long sequence) => Return(conversation, sequence, 1);

    /// <summary>Deliveries left memory again; only one that stood beside the lane can have come back before them.</summary>
    public void Return(long conversation, long first, int count)
    {
        ref var lane = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_lanes, conversation, out var had);
        lane = new Lane(lane.Count + count, had ? Math.Min(lane.First, (uint)first) : (uint)first);
        Total += count;
    }

    /// <summary>The lane's first stored delivery is in memory now.</summary>
    public void Take(long conversation, long sequence)
    {
        var lane = _lanes[conversation];
        Total--;
        if (lane.Count == 1)
        {
            _lanes.Remove(conversation);
        }
        else
        {
            _lanes[conversation] = new Lane(lane.Count - 1, (uint)sequence + 1);
        }
    }

    /// <summary>A stored delivery died in the store, wherever it stood in its lane.</summary>
    public void Drop(long conversation)
    {
        var lane = _lanes[conversation];
        Total--;
        if (lane.Count == 1)
        {
            _lanes.Remove(conversation);
        }
        else
        {
            _lanes[conversation] = lane with { Count = lane.Count - 1 };
        }
    }

    /// <summary>Eight bytes: a lane holds at most 2^32 deliveries over its life.</summary>
    private readonly record struct Lane(int Count, uint First);
}
