namespace Sealpost.Testing.Simulation;

/// <summary>What becomes of a standing (protocol 4): pure. Where the protocol leaves more than one way open, each is an answer.</summary>
internal static class StandingRules
{
    private const int LastStep = 9;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>2, 4, 8 … 256, 300, 300 s.</summary>
    public static TimeSpan Wait(int step) => TimeSpan.FromSeconds(Math.Min(1 << Math.Clamp(step, 1, LastStep), LongestWait.TotalSeconds));

    /// <summary>An event failed while the install was not failing.</summary>
    public static Standing Fails(ulong endpoint, TimeSpan? retryAfter, DateTimeOffset now) =>
        Standing.Failed(endpoint, Later(now + Wait(1), NotBefore(retryAfter, now)), step: 1);

    /// <summary>The next round begins at once, and the waits start over.</summary>
    public static Standing RetriesNow(ulong failing, DateTimeOffset now) => Standing.Failed(failing, now, step: 0);

    public static Standing Opens(Standing failed) =>
        failed with { Round = new Round(failed.Failing, failed.Failing, 0, 0, HasFailed: false, default), NotBefore = default };

    /// <summary>No head is addressed to this endpoint: it leaves the failing set untested.</summary>
    public static Standing Leaves(Standing failed, ulong endpoint) => failed with
    {
        Failing = failed.Failing & ~endpoint,
        Round = failed.Round! with { Unprobed = failed.Round.Unprobed & ~endpoint },
    };

    public static Standing Probes(Standing failed, ulong endpoint, long startedAs)
    {
        var round = failed.Round!;
        return failed with
        {
            Round = round with
            {
                Unprobed = round.Unprobed & ~endpoint,
                Flying = round.Flying | endpoint,
                FirstProbe = round.FirstProbe == 0 ? startedAs : round.FirstProbe,
            },
        };
    }

    public static bool IsProbe(Standing standing, OwedDelivery owed) => standing.Round is { FirstProbe: > 0 } round && owed.StartedAs >= round.FirstProbe;

    public static Standing ProbeEnds(Standing failed, ulong endpoint, bool succeeded, TimeSpan? retryAfter, DateTimeOffset now)
    {
        var round = failed.Round!;
        return failed with
        {
            Failing = succeeded ? failed.Failing & ~endpoint : failed.Failing,
            NotBefore = succeeded ? failed.NotBefore : Later(failed.NotBefore, NotBefore(retryAfter, now)),
            Round = round with { Flying = round.Flying & ~endpoint, HasFailed = round.HasFailed || !succeeded, LastEnd = now },
        };
    }

    /// <summary>MTLS took no more of the account: the endpoint is still to be probed.</summary>
    public static Standing ProbeIsNotMade(Standing failed, ulong endpoint)
    {
        var round = failed.Round!;
        return failed with { Round = round with { Unprobed = round.Unprobed | endpoint, Flying = round.Flying & ~endpoint } };
    }

    /// <summary>
    /// An attempt that was in flight when the install failed has failed too: its endpoint joins the failing set for the next
    /// round, and the backoff does not move.
    /// </summary>
    public static IEnumerable<Standing> FailsToo(Standing failed, ulong endpoint, TimeSpan? retryAfter, DateTimeOffset now)
    {
        var larger = failed with { Failing = failed.Failing | endpoint };
        if (failed.Round is null)
        {
            yield return larger with { Due = Later(failed.Due, NotBefore(retryAfter, now)) };
            yield break;
        }

        yield return larger with { NotBefore = Later(failed.NotBefore, NotBefore(retryAfter, now)) };
        if (failed.Round.FirstProbe == 0)
        {
            // Nothing of the round has been seen: what was asked for just now may have put it off.
            yield return larger with { Due = Later(failed.Due, NotBefore(retryAfter, now)), Round = null };
        }
    }

    /// <summary>Each endpoint of the round has been probed, or has left.</summary>
    public static IEnumerable<Standing> RoundEnds(Standing failed, LaneHeads heads, long lastAccepted, DateTimeOffset now)
    {
        if (failed.Failing == 0)
        {
            return Recovers(heads, lastAccepted);
        }

        // What failed beside the round takes no step.
        var round = failed.Round!;
        var step = Math.Min(failed.Step + (round.HasFailed ? 1 : 0), LastStep);
        var end = round.LastEnd == default ? now : round.LastEnd;
        return [Standing.Failed(failed.Failing, Later(end + Wait(step), failed.NotBefore), step)];
    }

    /// <summary>A change, as the engine is told of it: not one that disables.</summary>
    public static Standing Changes(Standing standing, DateTimeOffset now) =>
        standing.State == StandingState.Failed ? RetriesNow(standing.Failing, now) : standing;

    /// <summary>Read back after a crash: a round under way starts again, with or without what has been delivered in it.</summary>
    public static IEnumerable<Standing> Resumes(Standing kept, long lastAccepted)
    {
        var whole = kept with { Round = null, NotBefore = default };
        yield return whole;
        if (kept.Round is { } round)
        {
            yield return whole with { Failing = kept.Failing | round.Endpoints };
            yield return whole with { Due = Later(kept.Due, kept.NotBefore) };
        }
        else if (kept.State == StandingState.InTransition)
        {
            yield return Standing.InTransition(lastAccepted);
        }
        else if (kept.State == StandingState.Recovered)
        {
            yield return Standing.Recovered(lastAccepted);
        }
    }

    /// <summary>What is amiss while the engine has nothing to do; null: nothing.</summary>
    /// <param name="standing">How the install stands.</param>
    /// <param name="heads">Its lanes' heads.</param>
    /// <param name="sendable">Endpoints with a head that nothing keeps from going out.</param>
    public static string? ObjectionToRest(Standing standing, LaneHeads heads, ulong sendable)
    {
        if (standing.State != StandingState.Failed)
        {
            return sendable == 0 ? null : "a lane could go on";
        }

        // While all heads of an endpoint are in flight, the round may wait for it as a whole.
        var isWaiting = standing.Round is { } round && (round.Unprobed & ~heads.Sendable) != 0;
        return standing.Round is null || isWaiting || (standing.Round.Unprobed & sendable) == 0 ? null : "a round is overdue";
    }

    private static IEnumerable<Standing> Recovers(LaneHeads heads, long lastAccepted)
    {
        if (heads.MayNothingBePending)
        {
            yield return Standing.Up;
        }

        if (!heads.IsNothingPending)
        {
            yield return Standing.InTransition(lastAccepted);
        }
    }

    private static DateTimeOffset NotBefore(TimeSpan? retryAfter, DateTimeOffset now) =>
        retryAfter is { } asked ? now + (asked < LongestWait ? asked : LongestWait) : default;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
