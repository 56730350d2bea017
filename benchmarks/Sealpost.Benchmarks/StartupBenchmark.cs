using System.Diagnostics;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Results;
using Sealpost.Benchmarks.Stage;
using Sealpost.Testing.Processes;

namespace Sealpost.Benchmarks;

/// <summary>From the start of the process to <c>/health/ready</c>, on an empty directory and on one that was in use; and its memory when idle.</summary>
internal static class StartupBenchmark
{
    private const double MegaByte = 1024 * 1024;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(BenchArguments arguments)
    {
        Console.WriteLine($"startup: medians of {arguments.Rounds}");
        List<Start> rounds = [];
        for (var round = 1; round <= arguments.Rounds; round++)
        {
            rounds.Add(await MeasureAsync(arguments));
            Console.WriteLine($"  round {round}: {rounds[^1].FirstMilliseconds:N0} ms, {rounds[^1].LaterMilliseconds:N0} ms, {rounds[^1].IdleBytes / MegaByte:N0} MB");
        }

        var median = new Start(
            rounds.Select(r => r.FirstMilliseconds).Median(), rounds.Select(r => r.LaterMilliseconds).Median(), rounds.Select(r => r.IdleBytes).Median());
        var table = new Table("", "median", "target");
        table.Add("ready, first start", $"{median.FirstMilliseconds:N0} ms", "<= 1,500 ms");
        table.Add("ready, later start", $"{median.LaterMilliseconds:N0} ms", "<= 1,500 ms");
        table.Add("resident memory, idle for 5 s", $"{median.IdleBytes / MegaByte:N0} MB", "<= 130 MB");
        table.Print();
        ResultFile.Write("startup", arguments, median, rounds);
    }

    private static async Task<Start> MeasureAsync(BenchArguments arguments)
    {
        using var folder = new TemporaryFolder();
        var launch = new SealpostLaunch { Data = folder.Sub("data") };
        launch = arguments.Executable is null ? launch : launch with { Executable = arguments.Executable };
        var (firstProcess, first) = await StartAsync(launch);
        await using (firstProcess)
        {
            await firstProcess.StopAsync(CancellationToken.None);
        }

        var (laterProcess, later) = await StartAsync(launch);
        await using (laterProcess)
        {
            await Task.Delay(Idle, TimeProvider.System, CancellationToken.None);
            return new Start(first.TotalMilliseconds, later.TotalMilliseconds, Reading.ResidentBytes(laterProcess.Id));
        }
    }

    private static async Task<(SealpostProcess Process, TimeSpan Ready)> StartAsync(SealpostLaunch launch)
    {
        var from = Stopwatch.GetTimestamp();
        var process = SealpostProcess.Start(launch);
        await process.ReadyAsync(StartLimit, CancellationToken.None);
        return (process, Stopwatch.GetElapsedTime(from));
    }

    private sealed record Start(double FirstMilliseconds, double LaterMilliseconds, double IdleBytes);
}
