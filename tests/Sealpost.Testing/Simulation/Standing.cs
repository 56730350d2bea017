namespace Sealpost.Testing.Simulation;

/// <summary>The states of an install that retries by time to live (protocol 4).</summary>
internal enum StandingState
{
    Up,
    Failed,
    InTransition,
    Recovered,
}

/// <summary>One account of how an install stands, as far as what was seen from outside allows it. Sets of endpoints are <see cref="EndpointBits"/>.</summary>
internal sealed record Standing
{
    public static readonly Standing Up = new();

    public StandingState State { get; private init; }

    /// <summary>Failed: the failing set.</summary>
    public ulong Failing { get; init; }

    /// <summary>Failed: when the next round is due, or the one under way was.</summary>
    public DateTimeOffset Due { get; init; }

    /// <summary>Failed: how many waits the present failing has had, the one before this round included.</summary>
    public int Step { get; init; }

    /// <summary>Failed, a round under way: the next one is not due before, for an endpoint asked so.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>Failed: the round under way.</summary>
    public Round? Round { get; init; }

    /// <summary>In transition, Recovered: it ends when nothing accepted up to here is pending.</summary>
    public long Watermark { get; private init; }

    public string Name => State switch
    {
        StandingState.Up => "up",
        StandingState.Failed => "failed",
        StandingState.InTransition => "in_transition",
        StandingState.Recovered => "recovered",
    };

    public static Standing Failed(ulong failing, DateTimeOffset due, int step) =>
        new() { State = StandingState.Failed, Failing = failing, Due = due, Step = step };

    public static Standing InTransition(long watermark) => new() { State = StandingState.InTransition, Watermark = watermark };

    public static Standing Recovered(long watermark) => new() { State = StandingState.Recovered, Watermark = watermark };

    public override string ToString() => State switch
    {
        StandingState.Failed => $"{Name} {Failing:x}, due {Due:HH:mm:ss.fffffff} after {Step} waits{(Round is null ? "" : $", probing {Round.Flying:x}, then {Round.Unprobed:x}")}",
        StandingState.InTransition or StandingState.Recovered => $"{Name} until {Watermark}",
        StandingState.Up => Name,
    };
}

/// <summary>A round under way.</summary>
/// <param name="Endpoints">The failing set as it began.</param>
/// <param name="Unprobed">Endpoints whose probe has not started.</param>
/// <param name="Flying">Endpoints whose probe is in flight.</param>
/// <param name="FirstProbe">Where its probes begin among all attempts of the run; 0: none has started.</param>
/// <param name="HasFailed">A probe has failed.</param>
/// <param name="LastEnd">The end of its last probe so far.</param>
internal sealed record Round(ulong Endpoints, ulong Unprobed, ulong Flying, long FirstProbe, bool HasFailed, DateTimeOffset LastEnd)
{
    public bool IsOver => (Unprobed | Flying) == 0;
}
