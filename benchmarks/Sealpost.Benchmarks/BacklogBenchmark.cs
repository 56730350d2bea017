using System.Diagnostics;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Stage;

namespace Sealpost.Benchmarks;

/// <summary>
/// Many stored events, HTTP/1.1, NDJSON of 100, one run.
/// <list type="number">
/// <item>The events are stored for a disabled install.</item>
/// <item>A service starts on an empty directory and one on the full: the time until each is ready, and in turns, how fast each takes
/// events for another account's disabled install.</item>
/// <item>The full one is killed and started again, and its install enabled.</item>
/// <item>In turns, each from a cold start: the normal rate of an enabled install, closed loop, and the rate at which the full one
/// drains.</item>
/// <item>The rest is drained, until every event has arrived.</item>
/// </list>
/// </summary>
internal sealed class BacklogBenchmark(ServiceStage stage, BenchArguments arguments, int conversations)
{
    private const string Stored = "stored", Full = "full";
    private const int Lines = 100;
    private const int MaxUndelivered = 20_000;
    private const int DefaultRounds = 3;

    // The empty store has taken 240,000 events by the end of a round.
    private const int WindowEvents = 20_000, WarmWindows = 4, MeasuredWindows = 8;

    private static readonly TimeSpan FlowWarm = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private long _highestBytes;
    private long _arrivedBefore;

    /// <summary>Long lanes.</summary>
    public static Task RunAsync(BenchArguments arguments) => RunAsync("backlog", 2_000, arguments);

    /// <summary>As many lanes as events, one event each.</summary>
    public static Task RunWideAsync(BenchArguments arguments) => RunAsync("backlog-wide", 1_000_000, arguments);

    private static async Task RunAsync(string name, int conversations, BenchArguments arguments)
    {
        arguments = arguments with { Rounds = arguments.AskedRounds ?? DefaultRounds };
        Console.WriteLine($"{name}: {arguments.Events:N0} stored events of 1 KB, {conversations:N0} conversations; one run, medians of {arguments.Rounds}");
        await using var stage = await ServiceStage.StartAsync(arguments, http2: false);
        var result = await new BacklogBenchmark(stage, arguments, conversations).MeasureAsync();
        stage.Report();
        result.Write(name, arguments);
    }

    private async Task<BacklogResult> MeasureAsync()
    {
        await RestartAsync(Full);
        var install = await stage.InstallAsync(Stored, enabled: false);
        var store = await StoreAsync();
        Console.WriteLine($"  stored {store:N0}/s");
        List<Turns<double>> starts = [];
        List<Turns<Window>> published = [];
        for (var round = 1; round <= arguments.Rounds; round++)
        {
            var (start, window) = await PublishAsync(round);
            starts.Add(start);
            published.Add(window);
            Console.WriteLine(
                $"  round {round}: ready in {start.Empty:N0} ms empty, {start.Full:N0} ms full; "
                + $"published {window.Empty.PerSecond:N0}/s empty, {window.Full.PerSecond:N0}/s full");
        }

        var ready = await RestartAsync(Full, isKilled: true);
        Console.WriteLine($"  ready after a kill {ready.TotalMilliseconds:N0} ms");
        var resting = Reading.ResidentBytes(stage.ServiceId);
        _arrivedBefore = stage.Board.Read(Counter.Arrived);
        using (var api = stage.Api(Stored))
        {
            await api.EnableAsync(install, CancellationToken.None);
        }

        List<Turns<Window>> flow = [];
        for (var round = 1; round <= arguments.Rounds; round++)
        {
            flow.Add(await TakeTurnsAsync(round, isFull => FlowAsync(round, isFull)));
            Console.WriteLine($"  round {round}: delivered {flow[^1].Empty.PerSecond:N0}/s normally, {flow[^1].Full.PerSecond:N0}/s draining");
        }

        await RestartAsync(Full);
        await DrainAsync();
        _highestBytes = Math.Max(_highestBytes, Reading.HighestResidentBytes(stage.ServiceId));
        return new BacklogResult(arguments.Events, conversations, store, ready.TotalMilliseconds, resting, _highestBytes, starts, published, flow);
    }

    // Whoever comes second finds the disk as the first left it: they take turns at that too.
    private static async Task<Turns<T>> TakeTurnsAsync<T>(int turn, Func<bool, Task<T>> measureAsync)
    {
        var isFullFirst = turn % 2 == 0;
        var first = await measureAsync(isFullFirst);
        var second = await measureAsync(!isFullFirst);
        return isFullFirst ? new Turns<T>(second, first) : new Turns<T>(first, second);
    }

    private async Task<double> StoreAsync()
    {
        var from = Stopwatch.GetTimestamp();
        await using var publisher = await stage.PublishAsync(
            Stored, order => order with { Lines = Lines, Events = arguments.Events, Conversations = conversations });
        await publisher.EndAsync();
        return arguments.Events / Stopwatch.GetElapsedTime(from).TotalSeconds;
    }

    // Short windows in turns, one warm service beside the other: what else the machine does meanwhile strikes both.
    private async Task<(Turns<double> Ready, Turns<Window> Published)> PublishAsync(int round)
    {
        var full = await RestartAsync(Full);
        var (empty, emptyReady) = await stage.StartBesideAsync($"empty{round}");
        await using var ends = empty;
        var account = $"beside{round}";
        await empty.InstallAsync(account, enabled: false);
        await stage.InstallAsync(account, enabled: false);
        await using var toEmpty = await empty.PublishAsync(account, order => order with { Lines = Lines, Allowance = Counter.Allowed });
        await using var toFull = await stage.PublishAsync(account, order => order with { Lines = Lines, Allowance = Counter.AllowedBeside });
        List<Turns<Window>> windows = [];
        for (var window = 0; window < WarmWindows + MeasuredWindows; window++)
        {
            windows.Add(await TakeTurnsAsync(
                window, isFull => isFull ? PublishAsync(stage, Counter.AllowedBeside) : PublishAsync(empty, Counter.Allowed)));
        }

        var measured = windows.Skip(WarmWindows).ToList();
        return (
            new Turns<double>(emptyReady.TotalMilliseconds, full.TotalMilliseconds),
            new Turns<Window>(Window.Over([.. measured.Select(turns => turns.Empty)]), Window.Over([.. measured.Select(turns => turns.Full)])));
    }

    private static async Task<Window> PublishAsync(ServiceStage stage, Counter allowance)
    {
        var from = Reading.Take(stage.ServiceId, stage.Board.Read(Counter.Accepted), metrics: null);
        stage.Board.Add(allowance, WindowEvents);
        while (stage.Board.Read(Counter.Accepted) < from.Count + WindowEvents)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }

        return Window.Between(from, Reading.Take(stage.ServiceId, stage.Board.Read(Counter.Accepted), metrics: null));
    }

    private async Task<Window> FlowAsync(int round, bool isDrain)
    {
        await RestartAsync(isDrain ? Full : $"normal{round}");
        if (isDrain)
        {
            return await MeasureAsync(Counter.Arrived, FlowWarm);
        }

        var before = stage.Board.Read(Counter.Arrived);
        await stage.InstallAsync("normal");
        Window normal;
        await using (await stage.PublishAsync("normal", order => order with { Lines = Lines, MaxUndelivered = MaxUndelivered }))
        {
            normal = await MeasureAsync(Counter.Arrived, FlowWarm);
        }

        await stage.QuietAsync();
        _arrivedBefore += stage.Board.Read(Counter.Arrived) - before;
        return normal;
    }

    private async Task<Window> MeasureAsync(Counter counter, TimeSpan warm)
    {
        await Task.Delay(warm, TimeProvider.System, CancellationToken.None);
        var from = Reading.Take(stage.ServiceId, stage.Board.Read(counter), metrics: null);
        await Task.Delay(arguments.Measured, TimeProvider.System, CancellationToken.None);
        return Window.Between(from, Reading.Take(stage.ServiceId, stage.Board.Read(counter), metrics: null));
    }

    // Repeats may arrive beyond them; fewer may not.
    private async Task DrainAsync()
    {
        var (seen, since) = (0L, Stopwatch.GetTimestamp());
        while (seen < arguments.Events)
        {
            await Task.Delay(Look, TimeProvider.System, CancellationToken.None);
            var arrived = stage.Board.Read(Counter.Arrived) - _arrivedBefore;
            since = arrived > seen ? Stopwatch.GetTimestamp() : since;
            seen = arrived;
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new InvalidOperationException($"Only {seen:N0} of {arguments.Events:N0} stored events arrived.");
            }
        }
    }

    private Task<TimeSpan> RestartAsync(string directory, bool isKilled = false)
    {
        _highestBytes = Math.Max(_highestBytes, Reading.HighestResidentBytes(stage.ServiceId));
        return stage.RestartAsync(directory, isKilled);
    }
}
