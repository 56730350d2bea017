using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Results;
using Sealpost.Benchmarks.Stage;
using Sealpost.Testing;
using Sealpost.Testing.Certificates;

namespace Sealpost.Benchmarks;

/// <summary>
/// What mutual TLS by a hop of our own costs, with 1 KB events over HTTP/1.1. Those that are compared take turns within each round.
/// <list type="number">
/// <item>Requests a second by the forward, 64 in flight, against nginx doing the same to the same receiver.</item>
/// <item>Events delivered a second through MTLS, against direct delivery; NDJSON of 100, at most 20,000 undelivered.</item>
/// <item>The time of a request by the forward at 500 a second in an open loop, against the same requests sent to the receiver itself.</item>
/// </list>
/// </summary>
internal static class MtlsBenchmark
{
    private const string Account = "bench";
    private const int Rate = 500;
    private const int Lines = 100;
    private const int MaxUndelivered = 20_000;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(BenchArguments arguments)
    {
        Console.WriteLine($"mtls: 1 KB, HTTP/1.1; medians of {arguments.Rounds}");
        List<Against> forwarded = [], delivered = [], took = [];
        await using (var stage = await ForwardStage.StartAsync(arguments))
        {
            for (var round = 0; round <= arguments.Rounds; round++)
            {
                var pair = await Against.InTurnAsync(round, () => ForwardAsync(stage, arguments, round), () => NginxAsync(stage, arguments, round));
                Keep(forwarded, round, pair, "the forward {0:N0}/s, nginx {1:N0}/s");
            }

            stage.Check();
        }

        var share = (long)((arguments.Warm + arguments.Measured).TotalSeconds * Rate);
        await using (var stage = await ForwardStage.StartAsync(arguments, timedEvents: 2 * share * (arguments.Rounds + 1)))
        {
            for (var round = 0; round <= arguments.Rounds; round++)
            {
                var first = 2 * share * round;
                var pair = await Against.InTurnAsync(
                    round, () => TimeAsync(stage, arguments, isForwarded: true, first, share), () => TimeAsync(stage, arguments, isForwarded: false, first + share, share));
                Keep(took, round, pair, "p99 {0:N2} ms by the forward, {1:N2} ms straight");
            }

            stage.Check();
        }

        for (var round = 1; round <= arguments.Rounds; round++)
        {
            var pair = await Against.InTurnAsync(round, () => DeliverAsync(arguments, isMapped: true), () => DeliverAsync(arguments, isMapped: false));
            Keep(delivered, round, pair, "delivered {0:N0}/s through MTLS, {1:N0}/s direct");
        }

        Print(forwarded, delivered, took);
        ResultFile.Write(
            "mtls",
            arguments,
            new { forwarded = Against.Medians(forwarded), delivered = Against.Medians(delivered), p99Milliseconds = Against.Medians(took) },
            new { forwarded, delivered, p99Milliseconds = took });
    }

    // Round 0 warms up.
    private static void Keep(List<Against> kept, int round, Against pair, string format)
    {
        Console.WriteLine($"  {(round == 0 ? "warming" : $"round {round}")}: {string.Format(System.Globalization.CultureInfo.InvariantCulture, format, pair.Ours, pair.Other)}");
        if (round > 0)
        {
            kept.Add(pair);
        }
    }

    private static async Task<double> ForwardAsync(ForwardStage stage, BenchArguments arguments, int round)
    {
        await using var caller = await stage.CallForwardAsync(order => order);
        return await FlowAsync(stage, arguments, round);
    }

    private static async Task<double> NginxAsync(ForwardStage stage, BenchArguments arguments, int round)
    {
        await using var caller = await stage.CallNginxAsync(order => order);
        return await FlowAsync(stage, arguments, round);
    }

    private static async Task<double> FlowAsync(ForwardStage stage, BenchArguments arguments, int round)
    {
        await Task.Delay(round == 0 ? arguments.Warm : Settling, TimeProvider.System, CancellationToken.None);
        var from = Reading.Take(stage.ServiceId, stage.Board.Read(Counter.Posted), metrics: null);
        await Task.Delay(arguments.Measured, TimeProvider.System, CancellationToken.None);
        return Window.Between(from, Reading.Take(stage.ServiceId, stage.Board.Read(Counter.Posted), metrics: null)).PerSecond;
    }

    private static async Task<double> TimeAsync(ForwardStage stage, BenchArguments arguments, bool isForwarded, long first, long events)
    {
        await using (var caller = isForwarded
            ? await stage.CallForwardAsync(order => order with { Rate = Rate, First = first, Events = events })
            : await stage.CallReceiverAsync(order => order with { Rate = Rate, First = first, Events = events }))
        {
            await caller.EndAsync();
        }

        return Spans.Answered(stage.Board, first + (long)(arguments.Warm.TotalSeconds * Rate), first + events, share: 0.99);
    }

    private static async Task<double> DeliverAsync(BenchArguments arguments, bool isMapped)
    {
        using var pki = new Pki("Benchmark root");
        using var client = pki.Client();
        await using var stage = await ServiceStage.StartAsync(arguments, http2: false, clients: ClientCertificateMode.AllowCertificate);
        if (isMapped)
        {
            await stage.MapAsync(Account, P12Files.Of(client));
        }

        await stage.InstallAsync(Account);
        await using var publisher = await stage.PublishAsync(Account, order => order with { Lines = Lines, MaxUndelivered = MaxUndelivered });
        await Task.Delay(arguments.Warm, TimeProvider.System, CancellationToken.None);
        var from = await stage.ReadAsync(Account);
        await Task.Delay(arguments.Measured, TimeProvider.System, CancellationToken.None);
        var to = await stage.ReadAsync(Account);
        stage.Report();
        return Window.Between(from, to).PerSecond;
    }

    private static void Print(List<Against> forwarded, List<Against> delivered, List<Against> took)
    {
        var table = new Table("", "ours", "the other", "ours to it", "(range)", "target");
        table.Add(Row("forwarded a second, against nginx", Against.Medians(forwarded), "N0", ">= 0.50"));
        table.Add(Row("delivered a second through MTLS, against direct", Against.Medians(delivered), "N0", ">= 0.45"));
        var (p99, added) = (Against.Medians(took), took.Select(pair => pair.Ours - pair.Other).Order().ToList());
        table.Add(
            $"p99 at {Rate}/s by the forward, against straight, ms", $"{p99.Ours:N2}", $"{p99.Other:N2}", $"+{added.Median():N2}", $"{added[0]:N2}-{added[^1]:N2}", "<= +5.00");
        table.Print();
    }

    private static string[] Row(string name, Against.Summary median, string format, string target)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        return [name, median.Ours.ToString(format, culture), median.Other.ToString(format, culture), $"{median.Ratio:N2}", $"{median.Lowest:N2}-{median.Highest:N2}", target];
    }
}
