using Sealpost.Outboxes;

namespace Sealpost.Mailrooms;

/// <summary>Everything that one transaction of the ledger writes. Emptied and filled again: it is the ledger thread's own.</summary>
internal sealed class LedgerBatch
{
    public List<NotificationRow> Notifications { get; } = [];

    public List<DeliveryRow> Deliveries { get; } = [];

    public List<StoredAnswer> Answers { get; } = [];

    public List<ReplayProgress> Replays { get; } = [];

    public RecordBatch Records { get; set; } = new();

    public bool IsEmpty => Notifications.Count + Deliveries.Count + Answers.Count + Replays.Count + Records.Count == 0;

    public void Clear()
    {
        Notifications.Clear();
        Deliveries.Clear();
        Answers.Clear();
        Replays.Clear();
    }
}

/// <summary>Published bytes. Line: the id the publisher was given, where a split made several notifications of one line.</summary>
internal readonly record struct NotificationRow(
    long Id, int Account, int EventType, string Conversation, DateTimeOffset AcceptedAt, long? Line, ReadOnlyMemory<byte> Body);

/// <summary>A new delivery in its lane. ReplayOf: the delivery that it repeats.</summary>
internal readonly record struct DeliveryRow(
    long Id, int Install, long Notification, long ConversationKey, long Sequence, int EventType, int Bytes, DateTimeOffset AcceptedAt, long? ReplayOf = null);

/// <summary>What was answered under an idempotency key.</summary>
internal sealed record StoredAnswer(int Account, IdempotencyKey Key, Acceptance Acceptance, DateTimeOffset ExpiresAt);
