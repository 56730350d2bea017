namespace Sealpost.Outboxes;

/// <summary>
/// Stored deliveries that died at a change of their install and are still being marked in the store, in batches. Until that is
/// through the outbox reads nothing back, so that what is marked and what is loaded cannot cross.
/// </summary>
/// <param name="Install">Whose deliveries.</param>
/// <param name="EventType">The removed event type; null: all of the install's.</param>
/// <param name="ThroughId">The last delivery that existed at the change; a deleted install's removal takes all that comes.</param>
internal sealed record Removal(int Install, string? EventType, long ThroughId)
{
    public bool Covers(string eventType, long id) => id <= ThroughId && (EventType is null || EventType == eventType);
}

/// <summary>One stored delivery that a removal has marked dead.</summary>
/// <param name="Install">Whose delivery it was.</param>
/// <param name="ConversationKey">Its conversation.</param>
/// <param name="Sequence">Its place there.</param>
/// <param name="Bytes">What it counted in the account's limits.</param>
/// <param name="WasInLane">Whether it stood in its lane, not beside it.</param>
internal readonly record struct RemovedDelivery(int Install, long ConversationKey, long Sequence, int Bytes, bool WasInLane);
