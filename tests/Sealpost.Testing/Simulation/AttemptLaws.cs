namespace Sealpost.Testing.Simulation;

/// <summary>Whether an attempt may start now (protocol 2 to 4). Written from the protocol, not from the engine.</summary>
internal static class AttemptLaws
{
    private static readonly TimeSpan FixedDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <param name="owed">What is attempted.</param>
    /// <param name="number">What the engine says: 1 for the first attempt.</param>
    /// <param name="lane">Its conversation.</param>
    /// <param name="history">Its install.</param>
    /// <param name="clock">The start is now.</param>
    public static void Check(OwedDelivery owed, int number, OwedLane lane, InstallHistory history, VirtualClock clock)
    {
        var latest = clock.Latest;
        var install = history.Present;
        Need(install.Enabled && !install.Deleted, owed, "attempted while its install is disabled or deleted");
        Need(!owed.IsInFlight, owed, "attempted twice at once");
        Need(!owed.IsOver, owed, "attempted though it is over");
        Need(!owed.IsPresumedDead, owed, "attempted after a later one that only its death allowed");
        Need(!owed.IsRemoved, owed, "attempted after its webhook was removed");
        Need(number == owed.Counted + 1 || (number == owed.Spent + 1 && owed.WasForgotten)
            || (number == owed.ReturnedAttempts + 1 && owed.ReturnedAttempts > 0), owed, $"numbered {number} after {owed.Counted} attempts");
        if (install.Manifest.RetentionTime is { } retention)
        {
            Need(clock.Now < owed.AcceptedAt + retention, owed, "attempted after it expired");
            CheckOrder(owed, lane, history, latest, isFirstOver: static _ => false);
            return;
        }

        Need(owed.Counted <= history.MostRetries(owed.Event.EventType), owed, $"attempted again after {owed.Counted} attempts");
        CheckWait(owed, owed.IsReturned ? DateTimeOffset.MaxValue : history.LastReopening, latest);
        if (owed is { Counted: 0, HasLeft: false })
        {
            CheckOrder(owed, lane, history, latest, isFirstOver: static earlier => earlier.Counted > 0 || earlier.HasLeft || (earlier.WasForgotten && earlier.Spent > 0));
        }
    }

    /// <summary>When its next attempt by numbers may start at the earliest, if nothing has changed since its last.</summary>
    public static DateTimeOffset? DueAt(OwedDelivery owed) => owed.LastEnd + Wait(owed);

    private static void CheckWait(OwedDelivery owed, DateTimeOffset excusedAt, DateTimeOffset now)
    {
        if ((owed.Counted > 0 || owed.HasLeft) && owed.LastEnd is { } end && excusedAt < owed.LastEndSteady)
        {
            Need(now >= end + Wait(owed), owed, $"attempted {now - end} after attempt {owed.Counted}, not {Wait(owed)}");
        }
    }

    private static void CheckOrder(
        OwedDelivery owed, OwedLane lane, InstallHistory history, DateTimeOffset now, Func<OwedDelivery, bool> isFirstOver)
    {
        for (var i = lane.FirstOpen(); lane.Deliveries[i] != owed; i++)
        {
            var earlier = lane.Deliveries[i];
            if (earlier.IsOver || (!earlier.IsInFlight && isFirstOver(earlier)))
            {
                continue;
            }

            Need(!earlier.IsInFlight || isFirstOver(earlier), owed, $"attempted while {earlier} is in flight");
            Need(earlier.IsInFlight || MayBeDead(earlier, history, now), owed, $"attempted before the outcome of {earlier} is known");
            earlier.IsPresumedDead |= !earlier.IsInFlight;
        }
    }

    private static bool MayBeDead(OwedDelivery owed, InstallHistory history, DateTimeOffset now)
    {
        var since = owed.AcceptedAt;
        return history.Held(since, now, install => EndLaws.IsRemoved(owed, install) || EndLaws.IsPastItsTime(owed, install, now) || EndLaws.IsUsedUp(owed, install));
    }

    private static TimeSpan Wait(OwedDelivery owed)
    {
        var asked = owed.LastOutcome?.RetryAfter ?? TimeSpan.Zero;
        asked = asked > LongestWait ? LongestWait : asked;
        return asked > FixedDelay ? asked : FixedDelay;
    }

    private static void Need(bool holds, OwedDelivery owed, string what)
    {
        if (!holds)
        {
            throw new SimulationViolation($"{owed} was {what}");
        }
    }
}
