namespace Sealpost.Outboxes;

/// <summary>
/// A lane's stored deliveries that the backlog's cursor has passed, because the lane had no room: it reads them back by itself, in
/// accepted order. Eight bytes each, so that the store needs no index over lanes.
/// </summary>
/// <remarks>One that has died in the store since stays here until it is looked for.</remarks>
internal sealed class PassedDeliveries
{
    private readonly Queue<long> _ids = new();
    private long _last;

    public bool IsEmpty => _ids.Count == 0;

    /// <summary>The cursor has passed a delivery; one that it had passed before is not counted again.</summary>
    public void Add(long id)
    {
        if (id > _last)
        {
            _ids.Enqueue(id);
            _last = id;
        }
    }

    /// <summary>The next ones, oldest first.</summary>
    public List<long> Next(int most) => [.. _ids.Take(most)];

    /// <summary>The oldest is in memory, or over.</summary>
    public void Take(long id)
    {
        if (_ids.TryPeek(out var oldest) && oldest == id)
        {
            _ids.Dequeue();
        }
    }

    /// <summary>The cursor starts over.</summary>
    public void Clear()
    {
        _ids.Clear();
        _last = 0;
    }
}
