using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Tests.Retry;

public sealed class RetryRulesTests
{
    private static readonly DateTimeOffset Accepted = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Accepted.AddSeconds(40);
    private static readonly RetryOptions Options = new();
    private static readonly RetryPolicy OneMinute = new(0, TimeSpan.FromMinutes(1), NeverRetried: false);

    [Fact]
    public void A_success_is_delivered_even_when_it_came_too_late() =>
        Assert.Equal(Decision.Delivered, Decide(OneMinute with { RetentionTime = TimeSpan.FromSeconds(2) }, 1, OutcomeKind.Delivered));

    [Fact]
    public void An_abandoned_attempt_counts_as_not_made() => Assert.Equal(Decision.NotMade, Decide(OneMinute, 1, OutcomeKind.Abandoned));

    [Theory]
    [InlineData(OutcomeKind.Status)]
    [InlineData(OutcomeKind.ConnectTimeout)]
    [InlineData(OutcomeKind.ReadTimeout)]
    [InlineData(OutcomeKind.Dns)]
    [InlineData(OutcomeKind.Refused)]
    [InlineData(OutcomeKind.Tls)]
    [InlineData(OutcomeKind.Closed)]
    [InlineData(OutcomeKind.InvalidResponse)]
    [InlineData(OutcomeKind.EgressDenied)]
    public void By_numbers_every_kind_of_failure_is_tried_again_thirty_seconds_after_its_end(OutcomeKind failure) =>
        Assert.Equal(Decision.RetryBesideLane(Now.AddSeconds(30)), Decide(new RetryPolicy(1, null, false), 1, failure));

    [Theory]
    [InlineData(5, 5, DecisionKind.RetryBesideLane, default(DeadReason))]
    [InlineData(5, 6, DecisionKind.Dead, DeadReason.RetriesExhausted)]
    [InlineData(1, 2, DecisionKind.Dead, DeadReason.RetriesExhausted)]
    [InlineData(0, 1, DecisionKind.Dead, DeadReason.NotRetried)]
    [InlineData(2, 4, DecisionKind.Dead, DeadReason.RetriesExhausted)]
    public void By_numbers_there_are_max_retries_after_the_first_attempt(int maxRetries, int attempts, DecisionKind kind, DeadReason reason)
    {
        var decision = Decide(new RetryPolicy(maxRetries, null, false), attempts, OutcomeKind.Status);

        Assert.Equal((kind, reason), (decision.Kind, decision.Reason));
    }

    [Fact]
    public void By_time_to_live_a_failure_stays_in_its_lane() =>
        Assert.Equal(Decision.RetryInLane, Decide(OneMinute, 30, OutcomeKind.Status));

    [Fact]
    public void By_time_to_live_a_failure_after_the_retention_time_is_the_last() =>
        Assert.Equal(Decision.Dead(DeadReason.Expired), Decide(OneMinute with { RetentionTime = TimeSpan.FromSeconds(40) }, 3, OutcomeKind.Status));

    [Fact]
    public void Max_retries_zero_written_out_drops_at_the_first_failure_even_with_a_time_to_live() =>
        Assert.Equal(Decision.Dead(DeadReason.NotRetried), Decide(OneMinute with { NeverRetried = true }, 1, OutcomeKind.Status));

    [Theory]
    [InlineData(1, 30)]
    [InlineData(45, 45)]
    [InlineData(86_400, 300)]
    public void Retry_after_moves_a_retry_later_but_never_beyond_the_longest_backoff(int asked, int seconds) => Assert.Equal(
        Decision.RetryBesideLane(Now.AddSeconds(seconds)),
        Decide(new RetryPolicy(3, null, false), 1, OutcomeKind.Status, TimeSpan.FromSeconds(asked)));

    [Fact]
    public void A_delivery_expires_at_the_very_end_of_its_retention_time()
    {
        Assert.False(RetryRules.IsExpired(OneMinute, Accepted, Accepted.AddSeconds(60).AddTicks(-1)));
        Assert.True(RetryRules.IsExpired(OneMinute, Accepted, Accepted.AddSeconds(60)));
        Assert.False(RetryRules.IsExpired(new RetryPolicy(5, null, false), Accepted, DateTimeOffset.MaxValue));
    }

    [Theory]
    [InlineData(OutcomeKind.Delivered, true, true)]
    [InlineData(OutcomeKind.Status, true, true)]
    [InlineData(OutcomeKind.CertificateRejected, true, true)]
    [InlineData(OutcomeKind.MtlsUnavailable, false, true)]
    [InlineData(OutcomeKind.Throttled, false, false)]
    [InlineData(OutcomeKind.Abandoned, false, false)]
    public void A_failure_of_mtls_itself_is_not_counted_by_numbers_and_one_that_was_not_made_is_never(OutcomeKind kind, bool byNumbers, bool byTimeToLive)
    {
        var outcome = new Outcome { Kind = kind, Duration = TimeSpan.Zero };

        Assert.Equal(byNumbers, RetryRules.Counts(new RetryPolicy(3, null, false), outcome));
        Assert.Equal(byTimeToLive, RetryRules.Counts(OneMinute, outcome));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    public void By_numbers_a_failure_of_mtls_itself_is_tried_again_whatever_is_left_of_the_retries(int maxRetries, int attempts) =>
        Assert.Equal(Decision.RetryBesideLane(Now.AddSeconds(30)), Decide(new RetryPolicy(maxRetries, null, false), attempts, OutcomeKind.MtlsUnavailable));

    [Theory]
    [InlineData(OutcomeKind.MtlsUnavailable, true)]
    [InlineData(OutcomeKind.CertificateRejected, true)]
    [InlineData(OutcomeKind.Throttled, false)]
    public void By_time_to_live_a_failure_of_mtls_itself_fails_the_install_and_a_throttled_attempt_does_not(OutcomeKind kind, bool fails) =>
        Assert.Equal(fails, RetryRules.FailsInstall(OneMinute, new Outcome { Kind = kind, Duration = TimeSpan.Zero }));

    [Fact]
    public void A_throttled_attempt_changes_nothing_even_where_it_would_be_the_last()
    {
        Assert.Equal(Decision.NotMade, Decide(new RetryPolicy(0, null, false), 1, OutcomeKind.Throttled));
        Assert.Equal(Decision.NotMade, Decide(OneMinute with { NeverRetried = true }, 1, OutcomeKind.Throttled));
    }

    private static Decision Decide(RetryPolicy policy, int attempts, OutcomeKind kind, TimeSpan? retryAfter = null) => RetryRules.Decide(
        policy, attempts, Accepted, new Outcome { Kind = kind, RetryAfter = retryAfter, Duration = TimeSpan.Zero }, Now, Options);
}
