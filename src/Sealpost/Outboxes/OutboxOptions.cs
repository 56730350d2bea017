using Sealpost.Health;
using Sealpost.Retry;

namespace Sealpost.Outboxes;

/// <summary>The settings that outboxes work by.</summary>
internal sealed record OutboxOptions
{
    public RetryOptions Retry { get; init; } = new();

    public HealthOptions Health { get; init; } = new();

    /// <summary>What a read timeout counts as, as a response (protocol 3): the setting <c>Delivery:ResponseTimeout</c>.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a delivery by numbers waits in a disabled install: the setting <c>Retention:Deliveries</c>.</summary>
    public TimeSpan KeptWhileDisabled { get; init; } = TimeSpan.FromDays(3);
}
