using Sealpost.Sending;

namespace Sealpost.Testing.Simulation;

/// <summary>How an endpoint's host behaves for a while.</summary>
internal enum HostMood
{
    Healthy,

    /// <summary>Half of the requests fail.</summary>
    Flaky,

    /// <summary>Answers another status than 200 and 201 each time.</summary>
    Failing,

    /// <summary>Asks to come back later.</summary>
    Busy,

    /// <summary>Takes the request and never answers.</summary>
    Hanging,

    /// <summary>Refuses the connection at once.</summary>
    Down,

    /// <summary>Takes the request, and longer than an app may.</summary>
    Slow,
}

/// <summary>Decides the outcome of each attempt, and how long it takes, by the mood of the endpoint's host.</summary>
internal class SimulatedEndpoints(Random random)
{
    private readonly Dictionary<string, HostMood> _moods = new(StringComparer.Ordinal);

    public void SetMood(string host, HostMood mood) => _moods[host] = mood;

    public void HealAll() => _moods.Clear();

    /// <summary>What comes of a request to this host; its duration is when it comes.</summary>
    public virtual Outcome Answer(string host)
    {
        var quick = TimeSpan.FromMilliseconds(random.Next(1, 120));
        return _moods.GetValueOrDefault(host) switch
        {
            HostMood.Healthy => Delivered(quick),
            HostMood.Flaky => random.Next(2) == 0 ? Delivered(quick) : Status(503, quick),
            HostMood.Failing => Status(random.Next(2) == 0 ? 500 : 204, quick),
            HostMood.Busy => Status(random.Next(2) == 0 ? 429 : 503, quick) with { RetryAfter = TimeSpan.FromSeconds(random.Next(0, 900)) },
            HostMood.Hanging => new Outcome { Kind = OutcomeKind.ReadTimeout, Duration = TimeSpan.FromSeconds(5) },
            HostMood.Slow => Delivered(TimeSpan.FromMilliseconds(random.Next(3_000, 4_500))),
            HostMood.Down => new Outcome { Kind = OutcomeKind.Refused, Duration = TimeSpan.FromMilliseconds(1) },
        };
    }

    private static Outcome Delivered(TimeSpan after) =>
        new() { Kind = OutcomeKind.Delivered, Status = 200, ResponseTime = after, Duration = after };

    private static Outcome Status(int status, TimeSpan after) =>
        new() { Kind = OutcomeKind.Status, Status = status, ResponseTime = after, Duration = after };
}
