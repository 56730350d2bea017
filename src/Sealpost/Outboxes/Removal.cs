using Sealpost.Retry;

namespace Sealpost.Outboxes;

/// <summary>
/// Stored deliveries that died at a change of their install, or that an operator dropped, still being marked in the store, in
/// batches. Until that is through the outbox reads nothing back, so that what is marked and what is loaded cannot cross.
/// </summary>
/// <param name="Install">Whose deliveries.</param>
/// <param name="EventType">The removed event type; null: all of the install's.</param>
/// <param name="FromId">The first delivery that it takes.</param>
/// <param name="ThroughId">The last delivery that existed at the change; a deleted install's removal takes all that comes.</param>
/// <param name="Reason">What they die of.</param>
/// <param name="ConversationKey">The lane that it takes from; null: whatever lane.</param>
internal sealed record Removal(int Install, string? EventType, long FromId, long ThroughId, DeadReason Reason, long? ConversationKey = null)
{
    public bool Covers(string eventType, long id, long conversationKey) => id >= FromId && id <= ThroughId
        && (EventType is null || EventType == eventType)
        && (ConversationKey is null || ConversationKey == conversationKey);
}

/// <summary>One stored delivery that a removal or a sweep has marked dead.</summary>
/// <param name="Delivery">Its id.</param>
/// <param name="Install">Whose delivery it was.</param>
/// <param name="ConversationKey">Its conversation.</param>
/// <param name="Sequence">Its place there.</param>
/// <param name="Bytes">What it counted in the account's limits.</param>
/// <param name="WasInLane">Whether it stood in its lane, not beside it.</param>
internal readonly record struct RemovedDelivery(long Delivery, int Install, long ConversationKey, long Sequence, int Bytes, bool WasInLane);
