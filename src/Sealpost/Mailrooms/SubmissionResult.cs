using Sealpost.Deliveries;

namespace Sealpost.Mailrooms;

/// <summary>Why a submission was not accepted. Nothing of it was kept.</summary>
internal enum Refusal
{
    None,

    /// <summary>The key was used for another body.</summary>
    IdempotencyConflict,

    /// <summary>The account has too much pending.</summary>
    BacklogFull,

    /// <summary>The disk is nearly full.</summary>
    DiskReserve,

    /// <summary>The store had no room for the commit.</summary>
    StoreFull,

    /// <summary>The process is stopping.</summary>
    Stopping,
}

/// <summary>What came of a submission: its acceptance, or why not.</summary>
internal readonly record struct SubmissionResult(Refusal Refusal, Acceptance? Acceptance)
{
    public static SubmissionResult Accepted(Acceptance acceptance) => new(Refusal.None, acceptance);

    public static SubmissionResult Refused(Refusal refusal) => new(refusal, null);
}

/// <summary>What a publisher is told: lines accepted, deliveries owed, one notification id a line.</summary>
internal sealed record Acceptance(int Lines, int Deliveries, IReadOnlyList<NotificationId> Ids)
{
    /// <summary>Of a replay: the new deliveries, in the order of their originals; what could not be replayed is left out.</summary>
    public IReadOnlyList<DeliveryId> Replayed { get; init; } = [];
}
