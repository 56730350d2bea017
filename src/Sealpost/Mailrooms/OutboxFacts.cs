using Sealpost.Deliveries;

namespace Sealpost.Mailrooms;

/// <summary>How an install's outbox stands at one moment, for whoever asks.</summary>
/// <param name="Pending">Deliveries neither delivered nor dead.</param>
/// <param name="NextAttemptAt">When the next held delivery is tried again; null when none is held.</param>
/// <param name="BlockedBy">Held deliveries at the head of their lanes, at most <see cref="MaxBlockedBy"/>.</param>
internal sealed record OutboxFacts(long Pending, DateTimeOffset? NextAttemptAt, IReadOnlyList<DeliveryId> BlockedBy)
{
    public const int MaxBlockedBy = 20;
}
