using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Results;
using Sealpost.Benchmarks.Stage;

namespace Sealpost.Benchmarks;

/// <summary>
/// Events delivered a second, saturated, against the bare sender of the same round. Closed loop: 64 requests in flight and at
/// most 20,000 events undelivered, so that what is measured is a flow and not a growing queue.
/// </summary>
internal static class ThroughputBenchmark
{
    private const string Account = "bench";
    private const int MaxUndelivered = 20_000;

    // The targets are ratios to the bare sender's rate; CPU and allocation are judged in NDJSON.
    private static readonly Flow[] Flows =
    [
        new("NDJSON of 100, HTTP/1.1", Lines: 100, Http2: false, Target: 0.55),
        new("NDJSON of 100, HTTP/2", Lines: 100, Http2: true, Target: 0.75),
        new("one by one, HTTP/1.1", Lines: 1, Http2: false, Target: 0.30),
        new("one by one, HTTP/2", Lines: 1, Http2: true, Target: 0.40),
    ];

    public static async Task RunAsync(BenchArguments arguments)
    {
        Console.WriteLine($"throughput: 1 KB events, 4,000 conversations, 64 requests in flight, at most {MaxUndelivered:N0} undelivered; medians of {arguments.Rounds}");
        List<Window> bare = [];
        var measured = Flows.ToDictionary(flow => flow, _ => new List<Window>());
        for (var round = 1; round <= arguments.Rounds; round++)
        {
            bare.Add(await BareSender.MeasureAsync(arguments));
            Console.WriteLine($"  round {round}: bare sender {bare[^1].PerSecond:N0}/s");
            foreach (var flow in Flows)
            {
                measured[flow].Add(await MeasureAsync(flow, arguments));
                Console.WriteLine($"  round {round}: {flow.Name} {measured[flow][^1].PerSecond:N0}/s");
            }
        }

        var medians = Flows.Select(flow => Summary.Of(flow.Name, flow.Target, measured[flow], bare)).ToList();
        Print(Summary.Of("bare sender, HTTP/1.1", null, bare, bare), medians);
        ResultFile.Write("throughput", arguments, new { bareSender = Summary.Of("bare sender, HTTP/1.1", null, bare, bare), flows = medians }, new
        {
            bareSender = bare,
            flows = Flows.Select(flow => new { flow.Name, windows = measured[flow] }),
        });
    }

    private static async Task<Window> MeasureAsync(Flow flow, BenchArguments arguments)
    {
        await using var stage = await ServiceStage.StartAsync(arguments, flow.Http2);
        await stage.InstallAsync(Account);
        await using var publisher = await stage.PublishAsync(Account, order => order with { Lines = flow.Lines, MaxUndelivered = MaxUndelivered });
        await Task.Delay(arguments.Warm, TimeProvider.System, CancellationToken.None);
        var from = await stage.ReadAsync(Account);
        await Task.Delay(arguments.Measured, TimeProvider.System, CancellationToken.None);
        var to = await stage.ReadAsync(Account);
        stage.Report();
        return Window.Between(from, to);
    }

    private static void Print(Summary bare, IEnumerable<Summary> flows)
    {
        var table = new Table("", "delivered/s", "of bare", "target", "CPU us/event", "of bare", "allocated/event");
        table.Add(bare.Name, $"{bare.PerSecond:N0}", "1.00", "", $"{bare.CpuMicroseconds:N1}", "1.00", "");
        foreach (var flow in flows)
        {
            table.Add(
                flow.Name, $"{flow.PerSecond:N0}", $"{flow.OfBareRate:N2}", $">= {flow.TargetOfBareRate:N2}", $"{flow.CpuMicroseconds:N1}",
                $"{flow.OfBareCpu:N2}", flow.AllocatedBytes is { } bytes ? $"{bytes / 1024:N1} KB" : "n/a");
        }

        table.Print();
        Console.WriteLine("  CPU is the service's process alone (user and system); in NDJSON at most 1.90 of bare and 6 KB an event are asked for.");
    }

    private sealed record Flow(string Name, int Lines, bool Http2, double Target);

    /// <summary>Medians over the rounds; ratios are medians of each round's own ratio.</summary>
    private sealed record Summary(
        string Name, double PerSecond, double OfBareRate, double? TargetOfBareRate, double CpuMicroseconds, double OfBareCpu, double? AllocatedBytes)
    {
        public static Summary Of(string name, double? target, IReadOnlyList<Window> windows, IReadOnlyList<Window> bare)
        {
            var allocated = windows.Where(w => w.AllocatedBytes is not null).Select(w => w.AllocatedBytes!.Value).ToList();
            return new Summary(
                name,
                windows.Select(w => w.PerSecond).Median(),
                windows.Zip(bare, (w, b) => w.PerSecond / b.PerSecond).Median(),
                target,
                windows.Select(w => w.CpuMicroseconds).Median(),
                windows.Zip(bare, (w, b) => w.CpuMicroseconds / b.CpuMicroseconds).Median(),
                allocated.Count == 0 ? null : allocated.Median());
        }
    }
}
