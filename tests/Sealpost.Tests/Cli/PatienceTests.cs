using Sealpost.Cli.Publishing;

namespace Sealpost.Tests.Cli;

public sealed class PatienceTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 8)]
    [InlineData(10, 60)]
    public void Without_a_word_from_the_server_the_wait_doubles_up_to_a_minute(int callsMade, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Patience.Wait(callsMade, retryAfter: null));

    [Theory]
    [InlineData(5, 5)]
    [InlineData(3600, 60)]
    [InlineData(-10, 0)]
    public void The_servers_word_counts_within_a_minute(int asked, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Patience.Wait(callsMade: 1, TimeSpan.FromSeconds(asked)));

    [Fact]
    public void It_ends() => Assert.Null(Patience.Wait(Patience.MaxCalls, TimeSpan.Zero));
}
