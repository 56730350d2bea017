using Sealpost.Deliveries;
using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Outboxes;

/// <summary>What is to be written of a delivery whose state changed. Records are committed in the order they were made.</summary>
internal readonly record struct OutcomeRecord
{
    public required long Delivery { get; init; }

    /// <summary>The number of the install that it is owed to.</summary>
    public int Install { get; init; }

    public required DeliveryState State { get; init; }

    /// <summary>Attempts made so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>When the state changed: the end of the attempt, or the moment of the death.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When a pending delivery is tried again.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Why it is dead.</summary>
    public DeadReason? Reason { get; init; }

    /// <summary>The attempt behind the change; null when there was none.</summary>
    public Outcome? Outcome { get; init; }
}
