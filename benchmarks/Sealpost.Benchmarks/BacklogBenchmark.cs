using System.Diagnostics;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Results;
using Sealpost.Benchmarks.Stage;

namespace Sealpost.Benchmarks;

/// <summary>
/// Many stored events, one run, HTTP/1.1, NDJSON of 100.
/// <list type="number">
/// <item>The normal rate: an enabled install, closed loop.</item>
/// <item>Publishing into another account's disabled install, with nothing much stored.</item>
/// <item>The events are stored for a third account's disabled install.</item>
/// <item>Publishing as in 2, beside them.</item>
/// <item>The install is enabled: rate and resident memory until all have arrived.</item>
/// </list>
/// </summary>
internal static class BacklogBenchmark
{
    private const string Normal = "normal", Beside = "beside", Stored = "stored";
    private const int Lines = 100;
    private const int MaxUndelivered = 20_000;
    private const double MegaByte = 1024 * 1024;

    // The ends of a drain are its start from standstill and its last lanes.
    private const double DrainFrom = 0.05, DrainUntil = 0.95;

    private static readonly TimeSpan PublishWarm = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(BenchArguments arguments)
    {
        Console.WriteLine($"backlog: {arguments.Events:N0} stored events of 1 KB, 4,000 conversations; one run");
        await using var stage = await ServiceStage.StartAsync(arguments, http2: false);
        var normal = await NormalRateAsync(stage, arguments);
        Console.WriteLine($"  normal rate {normal:N0}/s");
        await stage.InstallAsync(Beside, enabled: false);
        var before = await PublishRateAsync(stage, arguments);
        Console.WriteLine($"  publishing {before:N0}/s");
        var install = await stage.InstallAsync(Stored, enabled: false);
        await using (var publisher = await stage.PublishAsync(Stored, order => order with { Lines = Lines, Events = arguments.Events }))
        {
            await publisher.EndAsync();
        }

        var after = await PublishRateAsync(stage, arguments);
        Console.WriteLine($"  publishing beside the stored events {after:N0}/s");
        var drain = await DrainAsync(stage, install, arguments.Events);
        stage.Report();
        var result = new { arguments.Events, normal, drain, ofNormal = drain.PerSecond / normal, before, after, ofBefore = after / before };
        var table = new Table("", "measured", "target");
        table.Add("drained a second, of the normal rate", $"{drain.PerSecond:N0} ({result.ofNormal:N2})", ">= 0.90");
        table.Add("resident memory, before draining", $"{drain.RestingBytes / MegaByte:N0} MB", "");
        table.Add("resident memory, highest while draining", $"{drain.HighestBytes / MegaByte:N0} MB", "<= 300 MB");
        table.Add("published a second, of without stored events", $"{after:N0} ({result.ofBefore:N2})", "unchanged");
        table.Print();
        ResultFile.Write("backlog", arguments, result, Array.Empty<object>());
    }

    private static async Task<double> NormalRateAsync(ServiceStage stage, BenchArguments arguments)
    {
        await stage.InstallAsync(Normal);
        Window window;
        await using (await stage.PublishAsync(Normal, order => order with { Lines = Lines, MaxUndelivered = MaxUndelivered }))
        {
            await Task.Delay(arguments.Warm, TimeProvider.System, CancellationToken.None);
            var from = await stage.ReadAsync(Normal);
            await Task.Delay(arguments.Measured, TimeProvider.System, CancellationToken.None);
            window = Window.Between(from, await stage.ReadAsync(Normal));
        }

        await stage.QuietAsync();
        return window.PerSecond;
    }

    private static async Task<double> PublishRateAsync(ServiceStage stage, BenchArguments arguments)
    {
        await using var publisher = await stage.PublishAsync(Beside, order => order with { Lines = Lines });
        await Task.Delay(PublishWarm, TimeProvider.System, CancellationToken.None);
        var (from, count) = (Stopwatch.GetTimestamp(), stage.Board.Read(Counter.Accepted));
        await Task.Delay(arguments.Measured, TimeProvider.System, CancellationToken.None);
        return (stage.Board.Read(Counter.Accepted) - count) / Stopwatch.GetElapsedTime(from).TotalSeconds;
    }

    private static async Task<Drain> DrainAsync(ServiceStage stage, string install, long events)
    {
        var resting = Reading.ResidentBytes(stage.ServiceId);
        var start = stage.Board.Read(Counter.Arrived);
        using (var api = stage.Api(Stored))
        {
            await api.EnableAsync(install, CancellationToken.None);
        }

        var (highest, seen, since) = (resting, 0L, Stopwatch.GetTimestamp());
        (long At, long Count)? from = null, until = null;
        while (until is null || seen < events)
        {
            await Task.Delay(Look, TimeProvider.System, CancellationToken.None);
            var (now, arrived) = (Stopwatch.GetTimestamp(), stage.Board.Read(Counter.Arrived) - start);
            highest = Math.Max(highest, Reading.ResidentBytes(stage.ServiceId));
            from ??= arrived >= events * DrainFrom ? (now, arrived) : null;
            until ??= arrived >= events * DrainUntil ? (now, arrived) : null;
            since = arrived > seen ? now : since;
            seen = arrived;
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new InvalidOperationException($"Only {seen:N0} of {events:N0} stored events arrived.");
            }
        }

        var seconds = Stopwatch.GetElapsedTime(from!.Value.At, until.Value.At).TotalSeconds;
        return new Drain((until.Value.Count - from.Value.Count) / seconds, resting, highest);
    }

    private sealed record Drain(double PerSecond, long RestingBytes, long HighestBytes);
}
