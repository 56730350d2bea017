using System.Diagnostics;
using System.Globalization;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Results;
using Sealpost.Benchmarks.Stage;

namespace Sealpost.Benchmarks;

/// <summary>
/// A store with many deliveries (<see cref="StoreFill"/>), asked over HTTP by the real service.
/// <list type="number">
/// <item>Lists by install, by conversation and by state, pages of 50: the first page, and the thousandth by following cursors.</item>
/// <item>Lists whose filter matches little or nothing: each page costs no more than its budget.</item>
/// <item>Publishing at 1,000 a second in an open loop, delivered meanwhile: without retention, while retention removes a tenth of the
/// store, and without again.</item>
/// </list>
/// </summary>
internal sealed class QueriesBenchmark(ServiceStage stage, BenchArguments arguments)
{
    private const string Directory = "data";
    private const string Publisher = "publisher";
    private const long DefaultEvents = 10_000_000;
    private const int Pages = 1_000, SparsePages = 20;
    private const int Repeats = 100;
    private const int Rate = 1_000;
    private const int MostSeconds = 600;
    private const double RemovedShare = 0.1;
    private const string RemovedMetric = "sealpost_retention_removed";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Long = TimeSpan.FromDays(30);

    private static readonly FilledAccount[] Accounts = [new("big", 0.5, 8), new("mid", 0.3, 6), new("small", 0.18, 4), new("quiet", 0.02, 2)];

    private readonly Dictionary<string, string> _clients = new(StringComparer.Ordinal);
    private DateTimeOffset _start;
    private long _published;

    private long Events => arguments.AskedEvents ?? DefaultEvents;

    public static async Task RunAsync(BenchArguments arguments)
    {
        await using var stage = await ServiceStage.StartAsync(arguments, http2: false, timedEvents: 3L * Rate * MostSeconds);
        await new QueriesBenchmark(stage, arguments).MeasureAsync();
        stage.Report();
    }

    private async Task MeasureAsync()
    {
        Console.WriteLine($"queries: {Events:N0} deliveries of 1 KB, pages of 50");
        await FillAsync();
        var lists = await ListAsync(Lists(), Pages);
        var sparse = await ListAsync(Sparse(), SparsePages);
        var before = await PublishAsync(Long, arguments.Measured);
        var (during, removed, took) = await RemoveAsync();
        var after = await PublishAsync(Long, arguments.Measured);
        var without = (before + after) / 2;
        var table = new Table("", "first page p99 ms", "page 1,000 p99 ms", "p99 on the way", "target");
        foreach (var kind in lists.Concat(sparse))
        {
            table.Add(kind.Name, $"{kind.FirstP99:N2}", $"{kind.DeepP99:N2} ({kind.Pages})", $"{kind.BetweenP99:N2}", kind.IsSparse ? "" : "<= 20");
        }

        table.Print();
        Console.WriteLine($"  publish p99 {during:N2} ms while {removed:N0} were removed in {took.TotalSeconds:N0} s, {without:N2} ms without ({during / without:N2} times, target <= 2)");
        ResultFile.Write("queries", arguments, new
        {
            deliveries = Events,
            lists,
            sparse,
            retention = new
            {
                removed,
                seconds = took.TotalSeconds,
                publishRate = Rate,
                p99Milliseconds = during,
                p99MillisecondsWithout = without,
                times = during / without,
            },
        }, new { publishP99Milliseconds = new[] { before, during, after } });
    }

    private async Task FillAsync()
    {
        foreach (var account in Accounts)
        {
            for (var index = 0; index < account.Installs; index++)
            {
                _clients[$"{account.Name} {index}"] = await stage.InstallAsync(account.Name, name: StoreFill.InstallName(index));
            }

            await stage.InstallAsync(account.Name, enabled: false, StoreFill.DisabledName, retentionDays: 3);
        }

        await stage.InstallAsync(Publisher);
        var from = Stopwatch.GetTimestamp();
        _start = TimeProvider.System.GetUtcNow() - StoreFill.Span;
        await stage.RestartAsync(Directory, meanwhile: data =>
        {
            using var fill = new StoreFill(Path.Combine(data, "sealpost.db"), Accounts);
            fill.Fill(Events, _start);
        });
        Console.WriteLine($"  filled in {Stopwatch.GetElapsedTime(from).TotalSeconds:N0} s");
    }

    private IEnumerable<(string Kind, string List)> Lists()
    {
        foreach (var account in Accounts.Where(account => account.Share * Events / 2 >= 50L * Pages || account == Accounts[0]))
        {
            var path = $"/api/account/{account.Name}/deliveries";
            yield return ("by install", $"{path}?client_id={_clients[$"{account.Name} 0"]}");
            yield return ("by state", $"{path}?state=delivered");
            yield return ("by state and install", $"{path}?state=delivered&client_id={_clients[$"{account.Name} 0"]}");
        }

        yield return ("by install", $"/api/account/big/deliveries?client_id={_clients["big 2"]}");
        yield return ("by state", "/api/account/big/deliveries?state=dead");
        yield return ("by state", "/api/account/big/deliveries?state=pending");
        for (var hot = 0; hot < StoreFill.HotConversations; hot++)
        {
            yield return ("by conversation", $"/api/account/big/deliveries?conversation={StoreFill.Hot(hot)}");
        }
    }

    private IEnumerable<(string Kind, string List)> Sparse()
    {
        var big = "/api/account/big/deliveries";
        var middle = (_start + (StoreFill.Span / 2)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        yield return ("a type that the account never had", $"{big}?eventType={StoreFill.UnusedType}");
        yield return ("that type of one install", $"{big}?eventType={StoreFill.UnusedType}&client_id={_clients["big 5"]}");
        yield return ("dead of that type", $"{big}?eventType={StoreFill.UnusedType}&state=dead");
        yield return ("dead in a hot conversation", $"{big}?conversation={StoreFill.Hot(0)}&state=dead");
        yield return ("pending in a hot conversation", $"{big}?conversation={StoreFill.Hot(0)}&state=pending");
        yield return ("an ordinary conversation", $"{big}?conversation=talk-1");
        yield return ("an unknown conversation", $"{big}?conversation=never");
        yield return ("a quiet account", "/api/account/quiet/deliveries");
        yield return ("an account with nothing", $"/api/account/{Publisher}/deliveries");
        yield return ("until the middle", $"{big}?until={middle}");
        yield return ("an install until the middle", $"{big}?client_id={_clients["big 7"]}&until={middle}");
        yield return ("a hot conversation until the middle", $"{big}?conversation={StoreFill.Hot(1)}&until={middle}");
        yield return ("a quiet install since the middle", $"/api/account/quiet/deliveries?client_id={_clients["quiet 1"]}&since={middle}");
    }

    private async Task<List<ListResult>> ListAsync(IEnumerable<(string Kind, string List)> lists, int pages)
    {
        using var reader = new ListReader(stage.Http, stage.Token);
        var results = new List<ListResult>();
        foreach (var kind in lists.GroupBy(list => list.Kind, list => list.List))
        {
            var times = new List<ListTimes>();
            foreach (var list in kind)
            {
                times.Add(await reader.MeasureAsync(list, pages, Repeats));
            }

            results.Add(new ListResult(
                kind.Key,
                pages == SparsePages,
                times.Max(time => time.Pages),
                P99(times.SelectMany(time => time.First)),
                P99(times.SelectMany(time => time.Deep)),
                times.Exists(time => time.Between.Count > 0) ? P99(times.SelectMany(time => time.Between)) : null));
            Console.WriteLine($"  {kind.Key}: first {results[^1].FirstP99:N2} ms, page {results[^1].Pages} {results[^1].DeepP99:N2} ms, on the way {results[^1].BetweenP99:N2} ms");
        }

        return results;
    }

    private async Task<double> PublishAsync(TimeSpan retention, TimeSpan measured)
    {
        await RestartAsync(retention);
        return await PublishAsync(async () =>
        {
            await Task.Delay(measured, TimeProvider.System, CancellationToken.None);
        });
    }

    private async Task<(double P99, long Removed, TimeSpan Took)> RemoveAsync()
    {
        await RestartAsync(TimeProvider.System.GetUtcNow() - (_start + (StoreFill.Span * RemovedShare * 1.05)));
        var from = Stopwatch.GetTimestamp();
        long removed = 0;
        var p99 = await PublishAsync(async () =>
        {
            while (removed < Events * RemovedShare && Stopwatch.GetElapsedTime(from).TotalSeconds < MostSeconds - 60)
            {
                await Task.Delay(Look, TimeProvider.System, CancellationToken.None);
                removed = await RemovedAsync();
            }
        });
        return (p99, removed, Stopwatch.GetElapsedTime(from));
    }

    // The first second warms up.
    private async Task<double> PublishAsync(Func<Task> untilAsync)
    {
        var (first, accepted) = (_published, stage.Board.Read(Counter.Accepted));
        await using (await stage.PublishAsync(Publisher, order => order with { Rate = Rate, First = first }))
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
            var from = first + stage.Board.Read(Counter.Accepted) - accepted;
            await untilAsync();
            var to = first + stage.Board.Read(Counter.Accepted) - accepted - Rate;
            _published = first + (2L * Rate * MostSeconds / 2);
            return Spans.Answered(stage.Board, from, Math.Max(from + 1, to), share: 0.99);
        }
    }

    private async Task<long> RemovedAsync()
    {
        using var api = stage.Api(Publisher);
        var line = (await api.MetricsAsync(CancellationToken.None)).Split('\n').FirstOrDefault(line => line.StartsWith(RemovedMetric, StringComparison.Ordinal));
        var value = line?[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(word => char.IsAsciiDigit(word[0]));
        return double.TryParse(value, CultureInfo.InvariantCulture, out var count) ? (long)count : 0;
    }

    private Task<TimeSpan> RestartAsync(TimeSpan retention) => stage.RestartAsync(Directory, how: launch => launch with
    {
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Retention:Deliveries"] = retention.ToString(@"d\.hh\:mm\:ss\.fff", CultureInfo.InvariantCulture) },
    });

    private static double P99(IEnumerable<long> times)
    {
        long[] sorted = [.. times.Order()];
        return sorted.PercentileMilliseconds(0.99);
    }

    private sealed record ListResult(string Name, bool IsSparse, int Pages, double FirstP99, double DeepP99, double? BetweenP99);
}
