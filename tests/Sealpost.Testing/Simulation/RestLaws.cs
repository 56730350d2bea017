using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Mailrooms;

namespace Sealpost.Testing.Simulation;

/// <summary>What may not be while the engine has nothing to do (protocol 3 and 4).</summary>
internal static class RestLaws
{
    /// <summary>By numbers: no delivery is due to which nothing keeps an attempt from starting, first or again.</summary>
    /// <param name="install">Any.</param>
    /// <param name="maySend">Of some endpoints, those where nothing keeps an attempt from starting.</param>
    /// <param name="now">The moment.</param>
    public static void CheckNothingIsDue(OwedInstall install, Func<ulong, ulong> maySend, DateTimeOffset now)
    {
        if (install.Present is not { Enabled: true, Deleted: false })
        {
            return;
        }

        foreach (var lane in install.Lanes)
        {
            // Those that have left their lane are on their own; the first that has not is its head.
            for (var i = lane.Head(); i < lane.Deliveries.Count && lane.Deliveries[i] is { WasForgotten: false } owed; i++)
            {
                if (!owed.IsOver && !(AttemptLaws.DueAt(owed) > now) && maySend(install.EndpointOf(owed)) != 0)
                {
                    throw new SimulationViolation($"{owed} is due, nothing is in its way, and nothing happens");
                }

                if (!owed.IsOver && owed.Row.State != DeliveryState.Waiting)
                {
                    break;
                }
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
