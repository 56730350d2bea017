namespace Sealpost.Retry;

/// <summary>What happens to a delivery after an attempt.</summary>
public enum DecisionKind
{
    /// <summary>It is done.</summary>
    Delivered,

    /// <summary>It leaves its lane and is tried again beside later ones (by numbers).</summary>
    RetryBesideLane,

    /// <summary>It stays the head of its lane, and a round of its failed install tries it again (by time to live).</summary>
    RetryInLane,

    /// <summary>It is dropped, with a reason.</summary>
    Dead,

    /// <summary>The attempt counts as not made: nothing is recorded.</summary>
    NotMade,
}

/// <summary>A <see cref="DecisionKind"/> with its payload: the due time of a retry, or the reason of a death.</summary>
public readonly record struct Decision(DecisionKind Kind, DateTimeOffset DueAt = default, DeadReason Reason = default)
{
    public static Decision Delivered { get; } = new(DecisionKind.Delivered);

    public static Decision NotMade { get; } = new(DecisionKind.NotMade);

    /// <summary>Without a due time: its install's next round has it.</summary>
    public static Decision RetryInLane { get; } = new(DecisionKind.RetryInLane);

    public static Decision Dead(DeadReason reason) => new(DecisionKind.Dead, Reason: reason);

    public static Decision RetryBesideLane(DateTimeOffset dueAt) => new(DecisionKind.RetryBesideLane, dueAt);
}
