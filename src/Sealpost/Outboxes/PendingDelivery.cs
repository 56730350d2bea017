using Sealpost.Retry;

namespace Sealpost.Outboxes;

/// <summary>A delivery in memory: in its lane or in flight, not yet delivered or dead.</summary>
internal sealed class PendingDelivery
{
    /// <summary>What a delivery costs the window beside its bytes: its objects, its conversation's name, its place in a lane.</summary>
    private const int OverheadBytes = 512;

    public required long Id { get; init; }

    public required long ConversationKey { get; init; }

    public required string Conversation { get; init; }

    /// <summary>The delivery's place in its conversation, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>The webhook it goes to.</summary>
    public required string EventType { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The delivery that it repeats; 0: none.</summary>
    public long ReplayOf { get; init; }

    /// <summary>Attempts made so far.</summary>
    public int Attempts { get; set; }

    /// <summary>It was dropped, or lost its webhook, while it was in flight: this attempt is its last. Null: it goes on.</summary>
    public DeadReason? RemovedBecause { get; set; }

    /// <summary>The next delivery of the lane.</summary>
    public PendingDelivery? Next { get; set; }

    /// <summary>What it takes of the window.</summary>
    public int WindowBytes => Body.Length + OverheadBytes;
}
