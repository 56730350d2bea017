using Sealpost.Deliveries;
using Sealpost.Installs;
using Sealpost.Protocol.Installs;

namespace Sealpost.Sending;

/// <summary>One POST that is to be made now. Endpoint, headers, secret and route are as of this moment, not of the acceptance.</summary>
public sealed class Attempt
{
    public required DeliveryId Delivery { get; init; }

    /// <summary>1 for the first attempt.</summary>
    public required int Number { get; init; }

    /// <summary>The delivery's place in its conversation, from 1.</summary>
    public required long Sequence { get; init; }

    public required Install Install { get; init; }

    public required Webhook Webhook { get; init; }

    /// <summary>The way it takes: <see cref="Route.Direct"/> or <see cref="Route.Mtls"/>.</summary>
    public Route Route { get; init; }

    /// <summary>The delivery that this one repeats; null where it was published.</summary>
    public DeliveryId? ReplayOf { get; init; }

    /// <summary>The bytes to sign and send.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
