using Sealpost.Deliveries;
using Sealpost.Mailrooms;
using Sealpost.Outboxes;

namespace Sealpost.Testing.Simulation;

/// <summary>A delivery as the simulated store keeps it.</summary>
internal sealed class StoredRow(DeliveryRow row, NotificationRow notification, string eventType)
{
    public DeliveryRow Row { get; } = row;

    public string EventType { get; } = eventType;

    public string Conversation { get; } = notification.Conversation;

    public ReadOnlyMemory<byte> Body { get; } = notification.Body;

    /// <summary>The notification it belongs to.</summary>
    public NotificationRow Notification { get; } = notification;

    public DeliveryState State { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Why it is dead, as written outside.</summary>
    public string? Reason { get; set; }

    public bool IsPending => State is DeliveryState.InLane or DeliveryState.Waiting;

    public BacklogRow ToBacklogRow() => new(Row.Id, Row.ConversationKey, Row.Sequence, EventType, Row.Bytes, Row.AcceptedAt);

    public StoredDelivery ToStoredDelivery() => new()
    {
        Id = Row.Id,
        Install = Row.Install,
        ConversationKey = Row.ConversationKey,
        Conversation = Conversation,
        Sequence = Row.Sequence,
        EventType = EventType,
        AcceptedAt = Row.AcceptedAt,
        Attempts = Attempts,
        DueAt = DueAt,
        Body = Body,
        ReplayOf = Row.ReplayOf ?? 0,
    };
}
