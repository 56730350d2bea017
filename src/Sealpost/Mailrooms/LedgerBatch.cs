using Sealpost.Outboxes;

namespace Sealpost.Mailrooms;

/// <summary>Everything that one transaction of the ledger writes. Emptied and filled again: it is the ledger thread's own.</summary>
internal sealed class LedgerBatch
{
    public List<NotificationRow> Notifications { get; } = [];

    public List<DeliveryRow> Deliveries { get; } = [];

    public List<StoredAnswer> Answers { get; } = [];

    public RecordBatch Records { get; set; } = new();

    public bool IsEmpty => Notifications.Count + Deliveries.Count + Answers.Count + Records.Count == 0;

    public void Clear()
    {
        Notifications.Clear();
        Deliveries.Clear();
        Answers.Clear();
    }
}

/// <summary>Published bytes. Line: the id the publisher was given, where a split made several notifications of one line.</summary>
internal readonly record struct NotificationRow(
    long Id, int Account, int EventType, string Conversation, DateTimeOffset AcceptedAt, long? Line, ReadOnlyMemory<byte> Body);

/// <summary>A new delivery in its lane.</summary>
internal readonly record struct DeliveryRow(
    long Id, int Install, long Notification, long ConversationKey, long Sequence, int EventType, int Bytes, DateTimeOffset AcceptedAt);

/// <summary>What was answered under an idempotency key.</summary>
internal sealed record StoredAnswer(int Account, IdempotencyKey Key, Acceptance Acceptance, DateTimeOffset ExpiresAt);
