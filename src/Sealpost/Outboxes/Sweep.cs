using Sealpost.Retry;

namespace Sealpost.Outboxes;

/// <summary>Stored deliveries of an install whose time is over and that are to be marked dead, a batch at a time.</summary>
/// <param name="Outbox">Whose they are. It reads nothing back while this is under way.</param>
/// <param name="AcceptedThrough">Those accepted until then.</param>
/// <param name="Reason">What they die of.</param>
/// <param name="InMemory">Deliveries that are in flight or about to be: their attempt decides.</param>
internal sealed record Sweep(Outbox Outbox, DateTimeOffset AcceptedThrough, DeadReason Reason, IReadOnlySet<long> InMemory);

/// <summary>What a sweep's batch did.</summary>
/// <param name="Dead">The deliveries that it marked, in accepted order.</param>
/// <param name="OldestLeft">When the oldest that is left was accepted; null when none is, or the batch was full.</param>
/// <param name="IsFull">There may be more.</param>
internal sealed record SweptBatch(IReadOnlyList<RemovedDelivery> Dead, DateTimeOffset? OldestLeft, bool IsFull);
