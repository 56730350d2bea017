namespace Sealpost.Outboxes;

/// <summary>Something that an outbox wants read back from the store.</summary>
internal abstract record ReadRequest;

/// <summary>The next rows of an outbox's backlog behind its cursor, in accepted order.</summary>
/// <param name="Outbox">Whose backlog.</param>
/// <param name="AfterId">The cursor.</param>
/// <param name="ThroughId">The last stored id when it asked: a page that is not full has seen everything up to here.</param>
/// <param name="Rows">Rows at most.</param>
/// <remarks>An answer to one that the backlog does not await any more is void.</remarks>
internal sealed record PageRead(Outbox Outbox, long AfterId, long ThroughId, int Rows) : ReadRequest;

/// <summary>The next stored deliveries of one lane that the cursor has passed.</summary>
/// <param name="Lane">Whose deliveries.</param>
/// <param name="Deliveries">Which, oldest first.</param>
/// <param name="Epoch">The outbox's epoch when it asked; an answer to an older one is void.</param>
internal sealed record LaneRead(Lane Lane, IReadOnlyList<long> Deliveries, int Epoch) : ReadRequest;

/// <summary>Deliveries of an outbox whose retry by numbers is due.</summary>
internal sealed record DueRead(Outbox Outbox, IReadOnlyList<DueRetry> Due) : ReadRequest
{
    /// <summary>Deliveries of one read at most.</summary>
    public const int Most = 50;
}

/// <summary>The oldest heads that the endpoints of a failed install can be probed with.</summary>
/// <param name="Outbox">Whose heads.</param>
/// <param name="Round">The round that asks; an answer to another one is void.</param>
/// <param name="Wishes">The endpoints, each with the event types that go there now.</param>
/// <param name="Except">Deliveries in memory: they are on their way already.</param>
internal sealed record ProbeRead(Outbox Outbox, Round Round, IReadOnlyList<ProbeWish> Wishes, IReadOnlySet<long> Except) : ReadRequest;

/// <summary>An endpoint that is to be probed, with the event types that go there.</summary>
internal readonly record struct ProbeWish(string Endpoint, IReadOnlyList<string> EventTypes);

/// <summary>One row of a backlog's page, as its index has it.</summary>
internal readonly record struct BacklogRow(long Id, long ConversationKey, long Sequence, string EventType, int Bytes, DateTimeOffset AcceptedAt);

/// <summary>A pending delivery read back whole.</summary>
internal sealed record StoredDelivery
{
    public required long Id { get; init; }

    public required int Install { get; init; }

    public required long ConversationKey { get; init; }

    public required string Conversation { get; init; }

    public required long Sequence { get; init; }

    public required string EventType { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required int Attempts { get; init; }

    /// <summary>When its last failure said to try again; null before the first attempt.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The delivery that it repeats; 0: none.</summary>
    public long ReplayOf { get; init; }

    /// <param name="isByNumbers">
    /// How its install retries now: a delivery in its lane with a due time has failed by time to live, and counts as never
    /// attempted by numbers (protocol 2).
    /// </param>
    public PendingDelivery ToPending(bool isByNumbers) => new()
    {
        Id = Id,
        ConversationKey = ConversationKey,
        Conversation = Conversation,
        Sequence = Sequence,
        EventType = EventType,
        AcceptedAt = AcceptedAt,
        Attempts = isByNumbers && DueAt is not null ? 0 : Attempts,
        Body = Body,
        ReplayOf = ReplayOf,
    };
}
