using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Tests.Retry;

public sealed class StandingTests
{
    private const string One = "https://a/";
    private const string Two = "https://b/";

    private static readonly DateTimeOffset Now = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly RetryOptions Options = new();
    private static readonly Standing Failed = Standing.Up.Failure(One, 7, Failure(), Now, Options);

    [Fact]
    public void The_first_failure_fails_the_install_and_its_first_round_is_due_after_two_seconds()
    {
        Assert.Equal((InstallState.Failed, Now, 1, Now.AddSeconds(2)), (Failed.State, Failed.FailedSince, Failed.Step, Failed.RoundAt));
        Assert.Equal([KeyValuePair.Create(One, 7L)], Failed.Failing);
    }

    [Fact]
    public void Rounds_that_fail_come_4_8_and_at_last_300_seconds_after_the_end_of_the_one_before()
    {
        var standing = Failed;
        foreach (var wait in new[] { 4, 8, 16, 32, 64, 128, 256, 300, 300 })
        {
            var end = standing.RoundAt!.Value.AddSeconds(5);
            standing = standing.ProbeFailure(One, 7, Failure(), end, Options).RoundOver(end, hasFailed: true, Options);
            Assert.Equal(end.AddSeconds(wait), standing.RoundAt);
        }
    }

    [Fact]
    public void A_failure_in_flight_adds_its_endpoint_and_does_not_move_the_backoff()
    {
        var standing = Failed.Failure(Two, 8, Failure(), Now.AddSeconds(1), Options);

        Assert.Equal([One, Two], standing.Failing.Keys);
        Assert.Equal((1, Now.AddSeconds(2), Now), (standing.Step, standing.RoundAt, standing.FailedSince));
    }

    [Fact]
    public void A_round_of_which_no_probe_failed_takes_no_step()
    {
        var end = Now.AddSeconds(10);

        var standing = Failed.Failure(Two, 8, Failure(), end, Options).Without(One).RoundOver(end, hasFailed: false, Options);

        Assert.Equal((1, end.AddSeconds(2)), (standing.Step, standing.RoundAt));
        Assert.Equal([Two], standing.Failing.Keys);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(60, 60)]
    [InlineData(900, 300)]
    public void Retry_after_moves_the_first_round_later_by_five_minutes_at_most(int asked, int seconds) =>
        Assert.Equal(Now.AddSeconds(seconds), Standing.Up.Failure(One, 7, Failure(asked), Now, Options).RoundAt);

    [Fact]
    public void What_an_endpoint_asks_for_while_a_round_is_due_or_under_way_moves_the_next_one()
    {
        Assert.Equal(Now.AddSeconds(30), Failed.Failure(Two, 8, Failure(30), Now, Options).RoundAt);
        Assert.Equal(Now.AddSeconds(30), Failed.ProbeFailure(One, 7, Failure(30), Now, Options).RoundOver(Now, hasFailed: true, Options).RoundAt);
    }

    [Fact]
    public void It_is_in_transition_then_recovered_then_up_while_deliveries_are_pending()
    {
        var inTransition = Failed.Without(One).MoveOn(lastAccepted: 20, hasPending: true);
        var recovered = inTransition.MoveOn(lastAccepted: 30, hasPending: true);

        Assert.Equal((InstallState.InTransition, 20L, (DateTimeOffset?)null), (inTransition.State, inTransition.Watermark, inTransition.RoundAt));
        Assert.Equal((InstallState.Recovered, 30L), (recovered.State, recovered.Watermark));
        Assert.Equal(Standing.Up, recovered.MoveOn(lastAccepted: 40, hasPending: true));
    }

    [Fact]
    public void With_nothing_pending_it_is_up_at_once()
    {
        Assert.Equal(Standing.Up, Failed.MoveOn(lastAccepted: 20, hasPending: false));
        Assert.Equal(Standing.Up, Failed.MoveOn(lastAccepted: 20, hasPending: true).MoveOn(lastAccepted: 20, hasPending: false));
    }

    [Fact]
    public void A_failure_while_it_recovers_starts_again_at_two_seconds()
    {
        var recovering = Failed.RoundOver(Now, hasFailed: true, Options).Without(One).MoveOn(lastAccepted: 20, hasPending: true);

        var again = recovering.Failure(Two, 9, Failure(), Now.AddHours(1), Options);

        Assert.Equal((1, Now.AddHours(1), Now.AddHours(1).AddSeconds(2)), (again.Step, again.FailedSince, again.RoundAt));
        Assert.Equal([Two], again.Failing.Keys);
    }

    [Fact]
    public void A_change_makes_a_round_due_now_and_sets_the_backoff_back()
    {
        var edited = Failed.ProbeFailure(One, 7, Failure(200), Now, Options).RoundOver(Now, hasFailed: true, Options).Edited(Now.AddSeconds(3));

        Assert.Equal(Now.AddSeconds(3), edited.RoundAt);
        Assert.Equal(Now.AddSeconds(6), edited.RoundOver(Now.AddSeconds(4), hasFailed: true, Options).RoundAt);
    }

    [Fact]
    public void Enabled_with_deliveries_stored_it_has_failed_at_every_endpoint_and_a_round_is_due_now()
    {
        var enabled = Standing.Enabled([One, Two], Now);

        Assert.Equal((InstallState.Failed, Now), (enabled.State, enabled.RoundAt));
        Assert.Equal([One, Two], enabled.Failing.Keys);
        Assert.Equal(Now.AddSeconds(2), enabled.RoundOver(Now, hasFailed: true, Options).RoundAt);
    }

    [Fact]
    public void The_oldest_delivery_in_flight_that_failed_an_endpoint_is_the_one_that_blocks_it()
    {
        var later = Failed.Failure(One, 8, Failure(), Now, Options);

        Assert.Equal(7, later.Failing[One]);
        Assert.Equal(6, later.Failure(One, 6, Failure(), Now, Options).Failing[One]);
        Assert.Equal(8, later.Forget(7).Failure(One, 8, Failure(), Now, Options).Failing[One]);
        Assert.Equal(0, later.Forget(7).Failing[One]);
        Assert.Same(later, later.Forget(8));
    }

    [Fact]
    public void What_was_stored_is_what_stood()
    {
        var standing = Failed.Failure(Two, 8, Failure(), Now, Options);

        var restored = Standing.Restore(standing.State, standing.FailedSince, standing.Failing, standing.Step, standing.RoundAt, standing.Watermark);

        Assert.Equal(standing.Failing, restored.Failing);
        Assert.Equal(
            (standing.State, standing.FailedSince, standing.Step, standing.RoundAt, standing.Watermark),
            (restored.State, restored.FailedSince, restored.Step, restored.RoundAt, restored.Watermark));
    }

    private static Outcome Failure(int? retryAfter = null) => new()
    {
        Kind = OutcomeKind.Status,
        Status = 503,
        RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Duration = TimeSpan.Zero,
    };
}
