using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Results;
using Sealpost.Benchmarks.Stage;

namespace Sealpost.Benchmarks;

/// <summary>
/// How long one event takes at a steady rate, published one by one in an open loop. Two spans, both on the machine's one
/// monotonic clock: from the first byte of the request to its arrival at the receiver, and from the publisher's 202 to the
/// arrival (0 where the arrival was first). The second is <i>accept to delivered</i>.
/// </summary>
internal static class LatencyBenchmark
{
    private const string Account = "bench";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly Load[] Loads =
    [
        new("1,000/s, HTTP/1.1", 1_000, Http2: false, "p50 <= 2.5, p99 <= 12"),
        new("1,000/s, HTTP/2", 1_000, Http2: true, "p50 <= 2.5, p99 <= 12"),
        new("5,000/s, HTTP/1.1", 5_000, Http2: false, "p99 <= 30"),
        new("5,000/s, HTTP/2", 5_000, Http2: true, "p99 <= 30"),
    ];

    public static async Task RunAsync(BenchArguments arguments)
    {
        Console.WriteLine($"latency: 1 KB events one by one, 4,000 conversations, open loop; medians of {arguments.Rounds}");
        var measured = Loads.ToDictionary(load => load, _ => new List<Spans>());
        for (var round = 1; round <= arguments.Rounds; round++)
        {
            foreach (var load in Loads)
            {
                measured[load].Add(await MeasureAsync(load, arguments));
                Console.WriteLine($"  round {round}: {load.Name} accept to delivered p99 {measured[load][^1].AcceptedP99:N1} ms, {measured[load][^1].Missing} missing");
            }
        }

        var table = new Table("ms", "sent to arrived p50", "p99", "accept to delivered p50", "p99", "target", "missing");
        var medians = Loads.Select(load => (load, Median: Spans.Medians(measured[load]))).ToList();
        foreach (var (load, median) in medians)
        {
            table.Add(
                load.Name, $"{median.SentP50:N2}", $"{median.SentP99:N2}", $"{median.AcceptedP50:N2}", $"{median.AcceptedP99:N2}", load.Target, $"{median.Missing}");
        }

        table.Print();
        ResultFile.Write(
            "latency",
            arguments,
            medians.Select(m => new { m.load.Name, m.load.Target, milliseconds = m.Median }),
            Loads.Select(load => new { load.Name, milliseconds = measured[load] }));
    }

    private static async Task<Spans> MeasureAsync(Load load, BenchArguments arguments)
    {
        var first = (long)(arguments.Warm.TotalSeconds * load.Rate);
        var end = first + (long)(arguments.Measured.TotalSeconds * load.Rate);
        await using var stage = await ServiceStage.StartAsync(arguments, load.Http2, timedEvents: end);
        await stage.InstallAsync(Account);
        await using (var publisher = await stage.PublishAsync(Account, order => order with { Rate = load.Rate, Events = end }))
        {
            await publisher.EndAsync();
        }

        await Task.Delay(Grace, TimeProvider.System, CancellationToken.None);
        stage.Report();
        return Spans.Read(stage.Board, first, end, _ => true);
    }

    private sealed record Load(string Name, int Rate, bool Http2, string Target);
}
