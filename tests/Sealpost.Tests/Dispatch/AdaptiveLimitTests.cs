using Sealpost.Dispatch;
using Sealpost.Sending;

namespace Sealpost.Tests.Dispatch;

public sealed class AdaptiveLimitTests
{
    private static readonly TimeSpan Fast = TimeSpan.FromSeconds(1), Slow = TimeSpan.FromSeconds(1.001);

    [Fact]
    public void It_starts_at_two_and_each_fast_response_of_any_status_raises_it_by_one_up_to_the_setting()
    {
        var limit = new AdaptiveLimit(4);

        Assert.Equal(2, limit.Current);
        Assert.Equal([3, 4, 4], [Answer(limit, Fast), Answer(limit, Fast, OutcomeKind.Status), Answer(limit, Fast)]);
    }

    [Theory]
    [InlineData(OutcomeKind.ConnectTimeout, 5.0)]
    [InlineData(OutcomeKind.ReadTimeout, 5.0)]
    [InlineData(OutcomeKind.Closed, 1.001)]
    [InlineData(OutcomeKind.Tls, 4.9)]
    public void Each_timeout_and_each_failure_as_long_halves_it_down_to_two(OutcomeKind kind, double seconds)
    {
        var limit = Grown(16);
        var seen = Enumerable.Range(0, 5).Select(_ => Fail(limit, kind, TimeSpan.FromSeconds(seconds))).ToList();

        Assert.Equal([8, 4, 2, 2, 2], seen);
        Assert.Equal(Reputation.Slow, limit.Reputation);
    }

    [Fact]
    public void A_slow_response_moves_it_by_one_towards_half_the_setting()
    {
        Assert.Equal(7, Answer(Grown(8), Slow));
        Assert.Equal([3, 4, 4], Answers(new AdaptiveLimit(8)));

        static List<int> Answers(AdaptiveLimit limit) => [Answer(limit, Slow), Answer(limit, Slow), Answer(limit, Slow)];
    }

    [Theory]
    [InlineData(OutcomeKind.Refused, 0.01)]
    [InlineData(OutcomeKind.Closed, 1.0)]
    [InlineData(OutcomeKind.Abandoned, 5.0)]
    public void A_failure_that_came_fast_and_an_attempt_not_made_tell_nothing(OutcomeKind kind, double seconds)
    {
        var limit = Grown(8);

        Assert.Equal(8, Fail(limit, kind, TimeSpan.FromSeconds(seconds)));
        Assert.Equal(Reputation.Quick, limit.Reputation);
        Assert.Equal(Reputation.New, Observed(new AdaptiveLimit(8), kind, TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public void Its_reputation_follows_the_last_answer()
    {
        var limit = new AdaptiveLimit(8);
        Answer(limit, Slow);
        var slow = limit.Reputation;
        Answer(limit, Fast, OutcomeKind.Status);

        Assert.Equal((Reputation.Slow, Reputation.Quick), (slow, limit.Reputation));
    }

    [Fact]
    public void Restarted_it_begins_at_two_and_grows_again()
    {
        var limit = Grown(64);
        limit.Restart();

        Assert.Equal(2, limit.Current);
        Assert.Equal(3, Answer(limit, Fast));
    }

    [Fact]
    public void A_setting_of_one_stays_one()
    {
        var limit = new AdaptiveLimit(1);

        Assert.Equal([1, 1, 1, 1], [limit.Current, Answer(limit, Fast), Answer(limit, Slow), Fail(limit, OutcomeKind.ReadTimeout, Slow)]);
    }

    private static AdaptiveLimit Grown(int most)
    {
        var limit = new AdaptiveLimit(most);
        for (var i = 0; i < most; i++)
        {
            Answer(limit, Fast);
        }

        return limit;
    }

    private static int Answer(AdaptiveLimit limit, TimeSpan responseTime, OutcomeKind kind = OutcomeKind.Delivered)
    {
        limit.Observe(new Outcome { Kind = kind, ResponseTime = responseTime, Duration = responseTime });
        return limit.Current;
    }

    private static int Fail(AdaptiveLimit limit, OutcomeKind kind, TimeSpan duration)
    {
        limit.Observe(new Outcome { Kind = kind, Duration = duration });
        return limit.Current;
    }

    private static Reputation Observed(AdaptiveLimit limit, OutcomeKind kind, TimeSpan duration)
    {
        Fail(limit, kind, duration);
        return limit.Reputation;
    }
}
