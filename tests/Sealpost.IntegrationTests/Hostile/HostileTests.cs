using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Hostile;

/// <summary>
/// One run, judged from all sides. <c>SEALPOST_HOSTILE_MINUTES</c> asks for the long form, <c>SEALPOST_HOSTILE_EACH</c> for
/// another number of endpoints of each kind. Alone on the machine: other tests would spoil its clocks, and it theirs.
/// </summary>
[CollectionDefinition(nameof(HostileTests), DisableParallelization = true)]
[Collection(nameof(HostileTests))]
[Trait("Category", "Hostile")]
public sealed class HostileTests(HostileTests.Run run, ITestOutputHelper output) : IClassFixture<HostileTests.Run>
{
    private const double MegaByte = 1024 * 1024;

    /// <summary>How late a deadline may be seen to hold on a busy machine.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    public static TheoryData<string> Kinds => [.. HostileKind.All.Select(kind => kind.Name)];

    private HostileReport Report => run.Report;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_attempt_ends_in_time(string name)
    {
        var kind = HostileKind.All.Single(k => k.Name == name);
        Assert.SkipWhen(kind == HostileKind.BlackHole && Report.NoHole.Length > 0, $"no network namespace can be made here: {Report.NoHole}");
        var seen = Report.Hostile.Where(e => e.Endpoint.Kind == kind).ToList();
        var outcomes = seen.SelectMany(e => e.Attempts.Outcomes).Distinct().ToList();
        var longest = seen.Max(e => e.Attempts.Longest);
        var connected = seen.Max(e => e.LongestConnection);
        output.WriteLine(
            $"{seen.Count} endpoints, {seen.Sum(e => e.Attempts.Count)} attempts: {string.Join(", ", outcomes)}; "
            + $"longest {longest.TotalSeconds:N2} s, connection {connected.TotalSeconds:N2} s");

        Assert.Equal(Report.Plan.Each, seen.Count);
        Assert.All(seen, endpoint => Assert.True(endpoint.Attempts.Count > 0, $"no attempt at {endpoint.Endpoint.Address}"));
        Assert.Contains(kind.Outcomes[0], outcomes);
        Assert.Subset(kind.Outcomes.ToHashSet(), outcomes.ToHashSet());
        Assert.InRange(longest, TimeSpan.Zero, kind.Limit + Slack);
        if (kind.ConnectionsEndWithAttempts)
        {
            Assert.InRange(connected, TimeSpan.Zero, kind.Limit + Slack);
        }
    }

    [Fact]
    public void No_issuer_is_fetched() => Assert.False(Report.IssuerWasAsked);

    [Fact]
    public void Healthy_apps_get_everything_once()
    {
        output.WriteLine($"{Report.Together.Count} deliveries");

        Assert.Equal((0, 0), (Report.Missing, Report.Repeats));
    }

    /// <summary>
    /// Generous, for a machine that does the work of all endpoints too: who waits for a place that a hostile endpoint holds
    /// waits for its deadline, and more than one of them.
    /// </summary>
    [Fact]
    public void Healthy_apps_get_it_as_soon_as_without_the_hostile_ones()
    {
        TimeSpan before = HostileReport.Percentile(Report.Alone, 0.99), beside = HostileReport.Percentile(Report.Together, 0.99);
        output.WriteLine(
            $"p50 {HostileReport.Percentile(Report.Alone, 0.5).TotalMilliseconds:N1} ms alone, {HostileReport.Percentile(Report.Together, 0.5).TotalMilliseconds:N1} ms beside; "
            + $"p99 {before.TotalMilliseconds:N1} ms alone, {beside.TotalMilliseconds:N1} ms beside; longest {Report.Together[^1].TotalMilliseconds:N1} ms");

        Assert.InRange(beside, TimeSpan.Zero, (2 * before) + TimeSpan.FromSeconds(1));
        Assert.InRange(Report.Together[^1], TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void The_service_holds_no_more_threads_over_time() => AssertFlat("threads", use => use.Threads, slack: 8);

    [Fact]
    public void The_service_holds_no_more_sockets_over_time() => AssertFlat("sockets", use => use.Sockets, slack: 40);

    [Fact]
    public void The_service_holds_no_more_files_over_time() => AssertFlat("files", use => use.Files, slack: 40);

    [Fact]
    public void The_service_holds_no_more_memory_over_time() => AssertFlat("MB resident", use => use.ResidentBytes / MegaByte, slack: 16);

    [Fact]
    public void A_stop_does_not_wait_for_hostile_endpoints()
    {
        output.WriteLine($"exit code {Report.ExitCode} after {Report.StopTook.TotalSeconds:N1} s");

        Assert.Equal(0, Report.ExitCode);
        Assert.InRange(Report.StopTook, TimeSpan.Zero, TimeSpan.FromSeconds(12) + Slack);
    }

    private void AssertFlat(string what, Func<ProcessUse, double> held, double slack)
    {
        var (first, last) = Report.Thirds(held);
        output.WriteLine($"{first:N0} {what} in the first third, {last:N0} in the last; highest {Report.Held.Max(held):N0}; over time {string.Join(' ', Report.OverTime(held).Select(value => $"{value:N0}"))}");

        Assert.InRange(last, 0, (1.1 * first) + slack);
    }

    /// <summary>The run, made once for all tests of the class.</summary>
    public sealed class Run : IAsyncLifetime
    {
        internal HostileReport Report { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Report = await new HostileRun(HostilePlan.Asked()).RunAsync(TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
