using Sealpost.Sending;

namespace Sealpost.Deliveries;

/// <summary>A delivery as its row says, with the names that it is known by outside.</summary>
internal sealed record ListedDelivery
{
    public required DeliveryId Id { get; init; }

    /// <summary>The id that the publisher was given.</summary>
    public required NotificationId Notification { get; init; }

    /// <summary>The install's number; it may be deleted by now.</summary>
    public required int Install { get; init; }

    public required string ClientId { get; init; }

    public required string Conversation { get; init; }

    public required long ConversationKey { get; init; }

    /// <summary>The webhook it goes to.</summary>
    public required string EventType { get; init; }

    public required long Sequence { get; init; }

    public required DeliveryState State { get; init; }

    /// <summary>Why it is dead; null otherwise.</summary>
    public string? Reason { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When it was delivered or died.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Attempts made so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>When the last failure said to try again.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public int? LastStatus { get; init; }

    public string? LastError { get; init; }

    /// <summary>How long the last attempt took; null before the first.</summary>
    public TimeSpan? LastDuration { get; init; }

    public Route LastRoute { get; init; }

    public DeliveryId? ReplayOf { get; init; }

    public PublicState PublicState => PublicStates.Of(State);
}

/// <summary>A delivery with the bytes that are sent.</summary>
internal sealed record WholeDelivery(ListedDelivery Delivery, ReadOnlyMemory<byte> Body);

/// <summary>A page of a list.</summary>
/// <param name="Items">Newest first. Where few match there may be fewer than were asked for, or none, although older ones remain.</param>
/// <param name="Next">Where the next page goes on; null: nothing older matches.</param>
internal sealed record DeliveryPage(IReadOnlyList<ListedDelivery> Items, ListPosition? Next)
{
    /// <summary>Older ones may remain.</summary>
    public bool HasMore => Next is not null;
}
