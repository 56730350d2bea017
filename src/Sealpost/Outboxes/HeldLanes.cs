namespace Sealpost.Outboxes;

/// <summary>
/// The conversations of an outbox that are held: the first delivery of each has no way to its endpoint now (protocol 5). They are
/// only stored, so that they take nothing of the window from those that can be sent, and the backlog's cursor goes past them.
/// </summary>
/// <remarks>
/// A few bytes for each conversation. Where in the store each begins is not known, only where the first of them does: as soon as one
/// may go on, the cursor goes back to there and all are judged anew.
/// </remarks>
internal sealed class HeldLanes
{
    private readonly Dictionary<long, string> _eventTypes = [];
    private readonly HashSet<string> _allEventTypes = new(StringComparer.Ordinal);

    public bool IsEmpty => _eventTypes.Count == 0;

    /// <summary>The first delivery of all; <see cref="long.MaxValue"/> when there is none.</summary>
    public long FirstId { get; private set; } = long.MaxValue;

    /// <summary>When the first of their heads expires; null: none does.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>What their heads are.</summary>
    public IReadOnlyCollection<string> EventTypes => _allEventTypes;

    public bool Contains(long conversation) => _eventTypes.ContainsKey(conversation);

    /// <summary>What the conversation's head is; null when it is not held.</summary>
    public string? EventTypeOf(long conversation) => _eventTypes.GetValueOrDefault(conversation);

    /// <param name="conversation">Is held from now on.</param>
    /// <param name="head">Its first delivery.</param>
    /// <param name="eventType">What that is.</param>
    /// <param name="expiresAt">When that expires; null: it does not.</param>
    public void Add(long conversation, long head, string eventType, DateTimeOffset? expiresAt)
    {
        _eventTypes.Add(conversation, eventType);
        _allEventTypes.Add(eventType);
        FirstId = Math.Min(FirstId, head);
        ExpiresAt = ExpiresAt <= expiresAt ? ExpiresAt : expiresAt ?? ExpiresAt;
    }

    public void Clear()
    {
        _eventTypes.Clear();
        _allEventTypes.Clear();
        (FirstId, ExpiresAt) = (long.MaxValue, null);
    }
}
