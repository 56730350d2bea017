using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Hostile;

/// <summary>What a run came to.</summary>
internal sealed record HostileReport
{
    public required HostilePlan Plan { get; init; }

    public required IReadOnlyList<(HostileEndpoint Endpoint, AttemptsSeen Attempts, TimeSpan LongestConnection)> Hostile { get; init; }

    /// <summary>Why there was no black hole; empty: there was.</summary>
    public required string NoHole { get; init; }

    public required bool IssuerWasAsked { get; init; }

    /// <summary>Of the healthy apps while they were alone, in order of size.</summary>
    public required IReadOnlyList<TimeSpan> Alone { get; init; }

    /// <summary>Of the healthy apps beside the hostile ones, in order of size.</summary>
    public required IReadOnlyList<TimeSpan> Together { get; init; }

    public required int Missing { get; init; }

    public required int Repeats { get; init; }

    /// <summary>What the service held after the warm-up, look by look.</summary>
    public required IReadOnlyList<ProcessUse> Held { get; init; }

    public required int ExitCode { get; init; }

    public required TimeSpan StopTook { get; init; }

    public static TimeSpan Percentile(IReadOnlyList<TimeSpan> ordered, double share) =>
        ordered[Math.Min(ordered.Count - 1, (int)Math.Ceiling(share * ordered.Count) - 1)];

    /// <summary>Medians of something held, in the first third of the looks and in the last.</summary>
    public (double First, double Last) Thirds(Func<ProcessUse, double> what) =>
        (Median(Held.Take(Held.Count / 3).Select(what)), Median(Held.TakeLast(Held.Count / 3).Select(what)));

    /// <summary>Some looks over the whole time.</summary>
    public IEnumerable<double> OverTime(Func<ProcessUse, double> what) => Held.Where((_, i) => i % ((Held.Count / 20) + 1) == 0).Select(what);

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
