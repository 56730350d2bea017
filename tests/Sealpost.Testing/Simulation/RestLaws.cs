using Sealpost.Accounts;
using Sealpost.Mailrooms;

namespace Sealpost.Testing.Simulation;

/// <summary>What may not be while the engine has nothing to do (protocol 3 and 4).</summary>
internal static class RestLaws
{
    /// <summary>Nothing is in flight and nothing in memory: then no delivery is due that is on its own.</summary>
    public static void CheckNothingIsDue(OwedInstall install, DateTimeOffset now)
    {
        if (install.Present is not { Enabled: true, Deleted: false })
        {
            return;
        }

        foreach (var lane in install.Lanes)
        {
            if (lane.Head() < lane.Deliveries.Count && lane.Deliveries[lane.Head()] is { WasForgotten: false } head
                && !(AttemptLaws.DueAt(head) > now))
            {
                throw new SimulationViolation($"{head} is due, nothing is in flight, and nothing happens");
            }
        }
    }

    /// <summary>What is past its time is dead, unless its attempt is in flight.</summary>
    public static void CheckNothingIsOverdue(OwedInstall install, DateTimeOffset now)
    {
        if (!install.Present.Deleted && install.Overdue(now) is { } overdue)
        {
            throw new SimulationViolation($"{overdue} is {now - overdue.AcceptedAt} old, past its time, and not dead");
        }
    }

    /// <summary>Nothing is pending any more: then nothing is counted or kept in memory.</summary>
    public static void CheckNothingIsHeld(AllMailrooms mailrooms, IEnumerable<AccountId> accounts)
    {
        foreach (var account in accounts)
        {
            var totals = mailrooms.TotalsOf(account);
            if (totals.Deliveries != 0 || totals.Bytes != 0)
            {
                throw new SimulationViolation($"nothing is pending, but the totals of {account} are {totals.Deliveries} deliveries, {totals.Bytes} bytes");
            }
        }

        if (mailrooms.WindowBytes != 0 || mailrooms.InFlight != 0)
        {
            throw new SimulationViolation($"nothing is pending, but {mailrooms.WindowBytes} bytes and {mailrooms.InFlight} attempts are held");
        }
    }
}
