using Sealpost.Accounts;
using Sealpost.Mtls.Routes;
using Sealpost.Sending;

namespace Sealpost.Testing.Simulation;

/// <summary>
/// Which way an attempt takes, and when there is none (protocol 5): nothing goes out before MTLS has answered, each attempt takes
/// the route known at its start, and nothing of an account goes through MTLS while that has asked for a pause.
/// </summary>
internal sealed class RouteLaws(EndpointBits bits, VirtualClock clock)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    // The protocol names no pause for an answer without a time: one up to this long is taken.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(AccountId Account, string Endpoint), Route> _known = [];
    private readonly Dictionary<AccountId, Pause> _pauses = [];

    public void Answered(IEnumerable<MappingAnswer> answers)
    {
        foreach (var answer in answers)
        {
            _known[(answer.Account, answer.Endpoint)] = answer.IsMapped ? Route.Mtls : Route.Direct;
        }
    }

    /// <summary>The endpoint is a new one of the account: it is asked for again.</summary>
    public void Renewed(AccountId account, Uri endpoint) => _known.Remove((account, endpoint.OriginalString));

    /// <summary>A new life knows what was stored; of a pause nothing is.</summary>
    public void Begins(IEnumerable<MappingAnswer> stored)
    {
        _known.Clear();
        _pauses.Clear();
        Answered(stored);
    }

    public void Started(Attempt attempt, OwedDelivery owed)
    {
        var (account, endpoint) = (attempt.Install.Account, attempt.Webhook.Endpoint);
        var known = RouteOf(account, endpoint);
        Need(known != Route.Unknown, owed, "attempted while the route of its endpoint is not known");
        Need(attempt.Route == known, owed, $"sent {attempt.Route}, and the route of its endpoint is {known}");
        var pause = _pauses.GetValueOrDefault(account);
        Need(known != Route.Mtls || clock.Now >= pause.From, owed, $"sent through MTLS {pause.From - clock.Now} before the account's pause is over");
    }

    public void Ended(Attempt attempt, Outcome outcome)
    {
        if (outcome.Kind != OutcomeKind.Throttled)
        {
            return;
        }

        var asked = outcome.RetryAfter ?? TimeSpan.Zero;
        asked = asked < LongestPause ? asked : LongestPause;
        var pause = _pauses.GetValueOrDefault(attempt.Install.Account);
        _pauses[attempt.Install.Account] = new Pause(
            Later(pause.From, clock.Now + asked), Later(pause.Through, clock.Now + (asked > ShortestPause ? asked : ShortestPause)));
    }

    /// <summary>Of these endpoints of an account, those to which there is a way for certain.</summary>
    public ulong Open(AccountId account, ulong endpoints) => EndpointBits.Each(endpoints)
        .Where(endpoint => RouteOf(account, bits.EndpointOf(endpoint)) switch
        {
            Route.Direct => true,
            Route.Mtls => clock.Now >= _pauses.GetValueOrDefault(account).Through,
            Route.Unknown => false,
        })
        .Aggregate(0UL, static (all, endpoint) => all | endpoint);

    private Route RouteOf(AccountId account, Uri endpoint) => _known.GetValueOrDefault((account, endpoint.OriginalString), Route.Unknown);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static void Need(bool holds, OwedDelivery owed, string what)
    {
        if (!holds)
        {
            throw new SimulationViolation($"{owed} was {what}");
        }
    }

    /// <param name="From">From here on the account may go through MTLS again.</param>
    /// <param name="Through">From here on it must.</param>
    private readonly record struct Pause(DateTimeOffset From, DateTimeOffset Through);
}
