using Sealpost.Mtls.Forward;

namespace Sealpost.Tests.Mtls.Forward;

public sealed class TokenBucketTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    [Fact]
    public void A_burst_passes_and_then_one_permit_comes_at_a_time()
    {
        var bucket = new TokenBucket(3, Start);
        for (var i = 0; i < 3; i++)
        {
            (bucket, var none) = bucket.Take(Start, permitsPerSecond: 10, burst: 3);
            Assert.Null(none);
        }

        (bucket, var wait) = bucket.Take(Start, 10, 3);
        (bucket, var shorter) = bucket.Take(Start + TimeSpan.FromMilliseconds(40), 10, 3);
        (_, var over) = bucket.Take(Start + TimeSpan.FromMilliseconds(101), 10, 3);

        Assert.Equal(TimeSpan.FromMilliseconds(100), wait);
        Assert.Equal(60, shorter!.Value.TotalMilliseconds, 3);
        Assert.Null(over);
    }

    [Fact]
    public void A_long_quiet_time_saves_no_more_than_a_burst()
    {
        var bucket = new TokenBucket(0, Start);
        var now = Start + TimeSpan.FromDays(1);
        (bucket, _) = bucket.Take(now, 10, 2);
        (bucket, _) = bucket.Take(now, 10, 2);

        Assert.NotNull(bucket.Take(now, 10, 2).Wait);
    }

    [Fact]
    public void Two_callers_whose_clocks_were_read_in_another_order_give_nothing_back()
    {
        var (bucket, _) = new TokenBucket(1, Start).Take(Start, 1, 1);

        Assert.NotNull(bucket.Take(Start - TimeSpan.FromSeconds(5), 1, 1).Wait);
    }
}
