using Sealpost.Dispatch;
using Sealpost.Sending;

namespace Sealpost.Tests.Dispatch;

public sealed class AdaptiveLimitTests
{
    [Theory]
    [InlineData(OutcomeKind.ConnectTimeout)]
    [InlineData(OutcomeKind.ReadTimeout)]
    public void Each_timeout_halves_it_down_to_two(OutcomeKind timeout)
    {
        var limit = new AdaptiveLimit(16);
        var seen = Enumerable.Range(0, 5).Select(_ => Observe(limit, timeout)).ToList();

        Assert.Equal([8, 4, 2, 2, 2], seen);
    }

    [Fact]
    public void Each_fast_response_of_any_status_raises_it_by_one_up_to_the_setting()
    {
        var limit = new AdaptiveLimit(4);
        Observe(limit, OutcomeKind.ReadTimeout);

        Assert.Equal([3, 4, 4], [Fast(OutcomeKind.Delivered), Fast(OutcomeKind.Status), Fast(OutcomeKind.Delivered)]);

        int Fast(OutcomeKind kind) => Observe(limit, kind, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_slow_response_and_a_refused_connection_leave_it_as_it_is()
    {
        var limit = new AdaptiveLimit(8);
        Observe(limit, OutcomeKind.ReadTimeout);

        Assert.Equal(4, Observe(limit, OutcomeKind.Delivered, TimeSpan.FromSeconds(1.001)));
        Assert.Equal(4, Observe(limit, OutcomeKind.Refused));
    }

    [Fact]
    public void A_setting_of_one_stays_one() => Assert.Equal(1, Observe(new AdaptiveLimit(1), OutcomeKind.ReadTimeout));

    private static int Observe(AdaptiveLimit limit, OutcomeKind kind, TimeSpan? responseTime = null)
    {
        limit.Observe(new Outcome { Kind = kind, ResponseTime = responseTime, Duration = TimeSpan.Zero });
        return limit.Current;
    }
}
