using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Results;
using Sealpost.Benchmarks.Roles;
using Sealpost.Benchmarks.Stage;
using Sealpost.Testing.Processes;

namespace Sealpost.Benchmarks;

/// <summary>
/// What black holes cost those who are none: 1,000 endpoints, each an origin with an install of its own, one event a second to
/// each; once all of them answer, once every tenth takes connections and never answers. Judged are the same 900 in both, from
/// the publisher's 202 to the arrival, and the arms take turns within each round.
/// </summary>
internal static class IsolationBenchmark
{
    private const string Account = "bench";
    private const int Origins = 1_000;
    private const int HoleEvery = 10;
    private const int Rate = 1_000;
    private const double Target = 1.25;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly Mode[] Modes =
    [
        new("by numbers", install => install with { MaxRetries = 2 }),
        new("by time to live", install => install with { RetentionTime = TimeSpan.FromDays(1) }),
    ];

    public static async Task RunAsync(BenchArguments arguments)
    {
        Console.WriteLine($"isolation: {Origins:N0} endpoints, {Rate:N0} events/s, every {HoleEvery}th a black hole or none; medians of {arguments.Rounds}");
        var measured = Modes.ToDictionary(mode => mode, _ => new List<Pair>());
        for (var round = 1; round <= arguments.Rounds; round++)
        {
            foreach (var mode in Modes)
            {
                var without = await MeasureAsync(mode, holeEvery: 0, arguments);
                var pair = new Pair(without, await MeasureAsync(mode, HoleEvery, arguments));
                measured[mode].Add(pair);
                Console.WriteLine(
                    $"  round {round}: {mode.Name} p99 {pair.Without.AcceptedP99:N2} ms without, {pair.With.AcceptedP99:N2} ms with black holes, {pair.With.Missing} missing");
            }
        }

        var medians = Modes.Select(mode => Summary.Of(mode.Name, measured[mode])).ToList();
        Print(medians);
        ResultFile.Write("isolation", arguments, medians, Modes.Select(mode => new { mode.Name, pairs = measured[mode] }));
    }

    private static async Task<Spans> MeasureAsync(Mode mode, int holeEvery, BenchArguments arguments)
    {
        var first = (long)(arguments.Warm.TotalSeconds * Rate);
        var end = first + (long)(arguments.Measured.TotalSeconds * Rate);
        await using var stage = await ServiceStage.StartAsync(arguments, http2: false, timedEvents: end, Origins, holeEvery);
        await stage.InstallOnEachAsync(Account, mode.How);
        await using (var publisher = await stage.PublishAsync(Account, order => order with { Rate = Rate, Events = end, EventTypes = Origins }))
        {
            await publisher.EndAsync();
        }

        await Task.Delay(Grace, TimeProvider.System, CancellationToken.None);
        stage.Report();
        return Spans.Read(stage.Board, first, end, number => !ReceiverRole.IsHole((int)(number % Origins), HoleEvery));
    }

    private static void Print(IEnumerable<Summary> medians)
    {
        var table = new Table("accept to delivered, ms", "p50 without", "with", "p99 without", "with", "p99 ratio", "target", "missing");
        foreach (var m in medians)
        {
            table.Add(
                m.Name, $"{m.Without.AcceptedP50:N2}", $"{m.With.AcceptedP50:N2}", $"{m.Without.AcceptedP99:N2}", $"{m.With.AcceptedP99:N2}",
                $"{m.Ratio:N2}", $"<= {Target:N2}", $"{m.With.Missing}");
        }

        table.Print();
        Console.WriteLine("  The ratio is of the medians of all rounds.");
    }

    private sealed record Mode(string Name, Func<NewInstall, NewInstall> How);

    private sealed record Pair(Spans Without, Spans With);

    /// <param name="Name">How the installs retry.</param>
    /// <param name="Without">Medians without black holes.</param>
    /// <param name="With">Medians with them.</param>
    /// <param name="Ratio">Of the two p99, accept to delivered.</param>
    /// <param name="RatioSent">Of the two p99, sent to arrived.</param>
    private sealed record Summary(string Name, Spans Without, Spans With, double Ratio, double RatioSent)
    {
        public static Summary Of(string name, IReadOnlyList<Pair> pairs)
        {
            Spans without = Spans.Medians([.. pairs.Select(p => p.Without)]), with = Spans.Medians([.. pairs.Select(p => p.With)]);
            return new Summary(name, without, with, with.AcceptedP99 / without.AcceptedP99, with.SentP99 / without.SentP99);
        }
    }
}
