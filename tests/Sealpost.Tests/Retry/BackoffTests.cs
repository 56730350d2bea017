using Sealpost.Retry;

namespace Sealpost.Tests.Retry;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(7, 128)]
    [InlineData(8, 256)]
    [InlineData(9, 300)]
    [InlineData(10, 300)]
    [InlineData(1_000_000, 300)]
    public void Waits_double_from_two_seconds_to_five_minutes(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.After(failures, new RetryOptions()));

    [Fact]
    public void A_base_beyond_the_maximum_is_the_maximum() =>
        Assert.Equal(TimeSpan.FromSeconds(1), Backoff.After(1, new RetryOptions { BackoffBase = TimeSpan.FromMinutes(1), BackoffMax = TimeSpan.FromSeconds(1) }));
}
