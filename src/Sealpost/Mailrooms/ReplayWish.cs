using Sealpost.Deliveries;

namespace Sealpost.Mailrooms;

/// <summary>
/// Deliveries of one install that are to be accepted once more, each as a new one at the tail of its lane (protocol 4). Whether
/// each can be is judged where it is accepted, on the ledger's thread.
/// </summary>
/// <param name="Install">The install's number.</param>
/// <param name="Originals">In the order in which they are to be accepted.</param>
internal sealed record ReplayWish(int Install, IReadOnlyList<DeliveryId> Originals)
{
    /// <summary>The job that this is a step of; its progress is written with the deliveries. Null: a single one.</summary>
    public long? Job { get; init; }
}

/// <summary>What the store keeps of a delivery that is over: all that it takes to owe it once more.</summary>
internal sealed record ReplayableDelivery
{
    /// <summary>The store's number of its account.</summary>
    public required int Account { get; init; }

    /// <summary>The webhook that it went to.</summary>
    public required string EventType { get; init; }

    /// <summary>The number of the type that it was published as; the webhook's, save for test events.</summary>
    public required int PublishedAs { get; init; }

    public required string Conversation { get; init; }

    /// <summary>The id that the publisher was given for it.</summary>
    public required long Line { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }
}

/// <summary>How far a job has come: the originals up to one are through. Written in the transaction of what it accepted.</summary>
internal readonly record struct ReplayProgress(long Job, long Through, int Done, int Skipped);
