using Sealpost.Outboxes;

namespace Sealpost.Tests.Outboxes;

public sealed class MtlsPauseTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(5);

    private readonly MtlsPause _pause = new();

    [Fact]
    public void Nothing_is_paused_at_first() => Assert.False(_pause.IsOn(Now));

    [Theory]
    [InlineData(20, 20)]
    [InlineData(900, 300)]
    [InlineData(null, 1)]
    [InlineData(0, 1)]
    public void It_lasts_as_long_as_was_asked_for_between_a_second_and_the_longest_backoff(int? asked, int seconds)
    {
        _pause.Begin(asked is { } after ? TimeSpan.FromSeconds(after) : null, Most, Now);

        Assert.True(_pause.IsOn(Now));
        Assert.True(_pause.IsOn(Now.AddSeconds(seconds).AddTicks(-1)));
        Assert.False(_pause.IsOn(Now.AddSeconds(seconds)));
    }

    [Fact]
    public void A_later_answer_makes_it_longer_and_never_shorter()
    {
        _pause.Begin(TimeSpan.FromSeconds(60), Most, Now);
        _pause.Begin(TimeSpan.FromSeconds(2), Most, Now.AddSeconds(1));
        Assert.Equal(Now.AddSeconds(60), _pause.Until);

        _pause.Begin(TimeSpan.FromSeconds(60), Most, Now.AddSeconds(30));
        Assert.Equal(Now.AddSeconds(90), _pause.Until);
    }
}
