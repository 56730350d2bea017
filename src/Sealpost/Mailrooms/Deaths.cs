using Sealpost.Deliveries;
using Sealpost.Retry;

namespace Sealpost.Mailrooms;

/// <summary>Deliveries that died without an attempt, once their end is durable.</summary>
/// <param name="Install">Whose they were.</param>
/// <param name="Reason">What they died of.</param>
/// <param name="At">When.</param>
/// <param name="Deliveries">Which; at least one.</param>
internal sealed record Deaths(int Install, DeadReason Reason, DateTimeOffset At, IReadOnlyList<DeliveryId> Deliveries);
