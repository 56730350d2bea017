using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Results;
using Sealpost.Benchmarks.Stage;
using Sealpost.Testing;
using Sealpost.Testing.Certificates;
using Sealpost.Testing.Processes;

namespace Sealpost.Benchmarks;

/// <summary>
/// What mutual TLS by a hop of our own costs, with 1 KB events over HTTP/1.1. Those that are compared take turns within each round.
/// <list type="number">
/// <item>Requests a second by the forward, 64 in flight, against nginx doing the same to the same receiver.</item>
/// <item>
/// Events delivered a second through MTLS, against direct delivery; NDJSON of 100, at most 20,000 undelivered. Once with the service as its
/// own gateway, once with a gateway that it reaches over the network: itself, by a name that it does not know as its own.
/// </item>
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
        List<Against<Window>> forwarded = [], delivered = [], redirected = [];
        List<Against<double>> took = [];
        await using (var stage = await ForwardStage.StartAsync(arguments))
        {
            for (var round = 0; round <= arguments.Rounds; round++)
            {
                var pair = await Against.InTurnAsync(round, () => ForwardAsync(stage, arguments, round), () => NginxAsync(stage, arguments, round));
                Keep(forwarded, round, pair, $"the forward {pair.Ours.PerSecond:N0}/s, nginx {pair.Other.PerSecond:N0}/s");
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
                Keep(took, round, pair, $"p99 {pair.Ours:N2} ms by the forward, {pair.Other:N2} ms straight");
            }

            stage.Check();
        }

        for (var round = 1; round <= arguments.Rounds; round++)
        {
            var pair = await Against.InTurnAsync(round, () => DeliverAsync(arguments, Way.OwnGateway), () => DeliverAsync(arguments, Way.Direct));
            Keep(delivered, round, pair, $"delivered {pair.Ours.PerSecond:N0}/s through MTLS, {pair.Other.PerSecond:N0}/s direct");
            pair = new Against<Window>(await DeliverAsync(arguments, Way.Network), pair.Other);
            Keep(redirected, round, pair, $"delivered {pair.Ours.PerSecond:N0}/s through MTLS over the network");
        }

        Write(arguments, forwarded, delivered, redirected, took);
    }

    // Round 0 warms up.
    private static void Keep<T>(List<Against<T>> kept, int round, Against<T> pair, string line)
    {
        Console.WriteLine($"  {(round == 0 ? "warming" : $"round {round}")}: {line}");
        if (round > 0)
        {
            kept.Add(pair);
        }
    }

    private static async Task<Window> ForwardAsync(ForwardStage stage, BenchArguments arguments, int round)
    {
        await using var caller = await stage.CallForwardAsync(order => order);
        return await FlowAsync(stage, stage.ServiceIds, arguments, round);
    }

    private static async Task<Window> NginxAsync(ForwardStage stage, BenchArguments arguments, int round)
    {
        await using var caller = await stage.CallNginxAsync(order => order);
        return await FlowAsync(stage, stage.NginxIds, arguments, round);
    }

    private static async Task<Window> FlowAsync(ForwardStage stage, IReadOnlyList<int> measured, BenchArguments arguments, int round)
    {
        await Task.Delay(round == 0 ? arguments.Warm : Settling, TimeProvider.System, CancellationToken.None);
        var from = Reading.Take(measured, stage.Board.Read(Counter.Posted));
        await Task.Delay(arguments.Measured, TimeProvider.System, CancellationToken.None);
        return Window.Between(from, Reading.Take(measured, stage.Board.Read(Counter.Posted)));
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

    private static async Task<Window> DeliverAsync(BenchArguments arguments, Way way)
    {
        using var pki = new Pki("Benchmark root");
        using var client = pki.Client();
        await using var stage = await ServiceStage.StartAsync(
            arguments, http2: false, clients: ClientCertificateMode.AllowCertificate, how: way == Way.Network ? OverTheNetwork : null);
        if (way != Way.Direct)
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
        return Window.Between(from, to);
    }

    private static SealpostLaunch OverTheNetwork(SealpostLaunch launch)
    {
        var port = SealpostLaunch.FreePort();
        return launch with
        {
            HttpsPort = port,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { [$"Domains:Overrides:{Account}:mtlsGateway"] = $"localhost:{port}" },
        };
    }

    private static void Write(
        BenchArguments arguments, List<Against<Window>> forwarded, List<Against<Window>> delivered, List<Against<Window>> redirected, List<Against<double>> took)
    {
        var medians = new
        {
            forwarded = Ratio.Of(forwarded, window => window.PerSecond),
            forwardedCpu = Ratio.Of(forwarded, window => window.CpuMicroseconds),
            delivered = Ratio.Of(delivered, window => window.PerSecond),
            deliveredCpu = Ratio.Of(delivered, window => window.CpuMicroseconds),
            redirected = Ratio.Of(redirected, window => window.PerSecond),
            redirectedCpu = Ratio.Of(redirected, window => window.CpuMicroseconds),
            p99Milliseconds = Ratio.Of(took, milliseconds => milliseconds),
            p99AddedMilliseconds = took.Select(pair => pair.Ours - pair.Other).Median(),
        };
        var table = new Table("", "ours", "the other", "ours to it", "(range)", "target");
        table.Add(medians.forwarded.Row("forwarded a second, against nginx", "N0", ">= 0.50"));
        table.Add(medians.forwardedCpu.Row("CPU us for each", "N1", ""));
        table.Add(medians.delivered.Row("delivered a second through MTLS, against direct", "N0", ">= 0.45"));
        table.Add(medians.deliveredCpu.Row("CPU us for each", "N1", ""));
        table.Add(medians.redirected.Row("the same over the network", "N0", ""));
        table.Add(medians.redirectedCpu.Row("CPU us for each", "N1", ""));
        table.Add(medians.p99Milliseconds.Row($"p99 at {Rate}/s by the forward, against straight, ms", "N2", ""));
        table.Add("added to it, ms", $"{medians.p99AddedMilliseconds:N2}", "", "", "", "<= 5.00");
        table.Print();
        ResultFile.Write("mtls", arguments, medians, new { forwarded, delivered, redirected, p99Milliseconds = took });
    }

    private enum Way
    {
        Direct,
        OwnGateway,
        Network,
    }
}
