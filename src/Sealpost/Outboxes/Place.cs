using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Outboxes;

/// <summary>Where a pending delivery stands.</summary>
internal enum PlaceKind
{
    /// <summary>Not in a lane: it waits beside it, was accepted this moment, or its outcome is being recorded.</summary>
    Elsewhere,

    /// <summary>Its attempt is under way.</summary>
    InFlight,

    /// <summary>It is the head of its lane and waits for its turn.</summary>
    Ready,

    /// <summary>It is the head of its lane, or a due retry, and has no way to its endpoint: MTLS has not said which.</summary>
    RouteUnknown,

    /// <summary>It is the head of its lane, or a due retry, and MTLS takes no more of its account for now.</summary>
    MtlsPaused,

    /// <summary>Another delivery of its lane comes first.</summary>
    Behind,

    /// <summary>It is the first of its lane, in the store, not read back yet.</summary>
    Stored,

    /// <summary>Nothing of its install is attempted now.</summary>
    Paused,

    /// <summary>Its install has failed: a round finds out when its endpoints answer again.</summary>
    Failed,
}

/// <summary>A <see cref="PlaceKind"/> with what makes it plain. A snapshot: it may be over when it is read.</summary>
/// <param name="Kind">Where it stands.</param>
internal sealed record Place(PlaceKind Kind)
{
    /// <summary>The delivery in memory that comes first.</summary>
    public long? Ahead { get; init; }

    /// <summary>The sequence from which on its lane is only stored: what comes first is to be found from here.</summary>
    public long? AheadFrom { get; init; }

    /// <summary>How its install stands.</summary>
    public Standing Standing { get; init; } = Standing.Up;

    /// <summary>A ready one's origin, when that has as many attempts in flight as it may.</summary>
    public string? FullOrigin { get; init; }

    /// <summary>Attempts in flight that <see cref="FullOrigin"/> bears.</summary>
    public int OriginLimit { get; init; }

    /// <summary>When the pause of a <see cref="PlaceKind.MtlsPaused"/> one ends.</summary>
    public DateTimeOffset Until { get; init; }

    /// <summary>No attempt starts at this moment, of nobody's.</summary>
    public bool IsSuspended { get; init; }
}

internal static class Places
{
    /// <summary>Finds a delivery that its row says is pending.</summary>
    public static Place PlaceOf(this Outbox outbox, long delivery, long conversation, long sequence)
    {
        var lane = outbox.LooseOf(delivery) ?? outbox.LaneOf(conversation);
        if (lane?.Head is { } head && head.Id == delivery)
        {
            return OfHead(outbox, lane);
        }

        if (outbox.IsHolding)
        {
            return new Place(outbox.IsPaused ? PlaceKind.Paused : PlaceKind.Failed) { Standing = outbox.Standing };
        }

        if (outbox.Retries.HeldTypeOf(delivery) is { } retry)
        {
            return OfHeld(outbox, retry);
        }

        if (lane?.Head is { } first && first.Sequence < sequence)
        {
            return new Place(PlaceKind.Behind) { Ahead = first.Id };
        }

        return outbox.Backlog.Lanes.FirstOf(conversation) switch
        {
            { } stored when stored < sequence => new Place(PlaceKind.Behind) { AheadFrom = stored },
            { } stored when stored == sequence => outbox.Backlog.Held.EventTypeOf(conversation) is { } held
                ? OfHeld(outbox, held)
                : new Place(PlaceKind.Stored),
            _ => new Place(PlaceKind.Elsewhere),
        };
    }

    private static Place OfHead(Outbox outbox, Lane lane) => lane.State switch
    {
        LaneState.InFlight => new Place(PlaceKind.InFlight),
        LaneState.Ready => lane.Origin!.InFlight >= lane.Origin.Limit.Current
            ? new Place(PlaceKind.Ready) { FullOrigin = lane.Origin.Name, OriginLimit = lane.Origin.Limit.Current }
            : new Place(PlaceKind.Ready),
        LaneState.Held => OfHeld(outbox, lane.Head!.EventType),
        LaneState.Idle => new Place(PlaceKind.Paused),
    };

    private static Place OfHeld(Outbox outbox, string eventType) => outbox.RouteOf(eventType) == Route.Unknown
        ? new Place(PlaceKind.RouteUnknown)
        : new Place(PlaceKind.MtlsPaused) { Until = outbox.PausedUntil };
}
