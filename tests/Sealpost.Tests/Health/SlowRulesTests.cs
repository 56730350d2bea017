using Sealpost.Health;

namespace Sealpost.Tests.Health;

public sealed class SlowRulesTests
{
    private static readonly DateTimeOffset First = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly HealthOptions Disabling = new();
    private static readonly HealthOptions Warning = new() { SlowPolicy = SlowPolicy.Warn };

    [Fact]
    public void A_response_at_the_threshold_is_in_time_and_one_beyond_it_is_slow()
    {
        Assert.Equal(default, Observe(default, 2.5, 0).Run);
        Assert.Equal(new SlowRun(First, 1), Observe(default, 2.5000001, 0).Run);
    }

    [Fact]
    public void A_response_in_time_ends_the_run()
    {
        var run = Observe(Slow(5), 0.1, 110).Run;

        Assert.Equal(default, run);
        Assert.Equal(SlowVerdict.Nothing, Observe(run, 3, 200).Verdict);
    }

    [Fact]
    public void No_response_neither_ends_nor_lengthens_the_run() =>
        Assert.Equal((Slow(2), SlowVerdict.Nothing), Observe(Slow(2), null, 300));

    [Theory]
    [InlineData(2, 116.9999, SlowVerdict.Warn)]
    [InlineData(2, 117, SlowVerdict.Disable)]
    [InlineData(1, 117, SlowVerdict.Nothing)]
    [InlineData(100, 117, SlowVerdict.Disable)]
    public void An_app_is_disabled_by_a_slow_response_that_ends_after_the_window_with_three_seen(int seen, double start, SlowVerdict verdict) =>
        Assert.Equal(verdict, Observe(Slow(seen), 3, start).Verdict);

    [Fact]
    public void The_window_counts_from_the_start_of_the_first_slow_attempt()
    {
        var run = Observe(Observe(default, 5, 0).Run, 5, 60).Run;

        Assert.Equal(First, run.Since);
        Assert.Equal(SlowVerdict.Disable, Observe(run, 5, 115).Verdict);
    }

    [Fact]
    public void After_it_has_disabled_an_app_the_run_is_over() => Assert.Equal(default, Observe(Slow(2), 3, 117).Run);

    [Fact]
    public void It_warns_once_a_run_at_half_the_window()
    {
        Assert.Equal(SlowVerdict.Nothing, Observe(Slow(2), 3, 56).Verdict);
        var (run, verdict) = Observe(Slow(2), 3, 57);
        Assert.Equal(SlowVerdict.Warn, verdict);
        Assert.Equal(SlowVerdict.Nothing, Observe(run, 3, 61).Verdict);
        Assert.Equal(SlowVerdict.Disable, Observe(run, 3, 117).Verdict);
    }

    [Fact]
    public void Told_to_warn_it_never_disables()
    {
        var (run, verdict) = Observe(Slow(2), 3, 500, Warning);

        Assert.Equal(SlowVerdict.Warn, verdict);
        Assert.Equal((run with { Seen = 4 }, SlowVerdict.Nothing), Observe(run, 3, 900, Warning));
    }

    [Fact]
    public void Told_to_be_off_it_sees_nothing() =>
        Assert.Equal((Slow(2), SlowVerdict.Nothing), Observe(Slow(2), 3, 500, Disabling with { SlowPolicy = SlowPolicy.Off }));

    private static SlowRun Slow(int seen) => new(First, seen);

    // Times in seconds; the attempt begins at `start`.
    private static (SlowRun Run, SlowVerdict Verdict) Observe(SlowRun run, double? took, double start, HealthOptions? options = null) => SlowRules.Observe(
        run,
        took is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        First.AddSeconds(start),
        First.AddSeconds(start + (took ?? 5)),
        options ?? Disabling);
}
