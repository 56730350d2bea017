using Microsoft.Extensions.Time.Testing;
using Sealpost.Sending;

namespace Sealpost.Tests.Sending;

public sealed class AttemptClockTests : IDisposable
{
    private static readonly TimeSpan JustUnder = TimeSpan.FromMilliseconds(4999);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly AttemptClock _clock;

    public AttemptClockTests()
    {
        _clock = new AttemptClock(new SendingOptions(), _time);
        _clock.Start();
    }

    [Fact]
    public void Connecting_may_take_five_seconds_and_no_more()
    {
        _time.Advance(JustUnder);
        Assert.False(_clock.Token.IsCancellationRequested);

        _time.Advance(Rest);
        Assert.True(_clock.Token.IsCancellationRequested);
        Assert.Equal(AttemptPhase.Connecting, _clock.Phase);
    }

    [Fact]
    public void Each_phase_has_its_own_five_seconds()
    {
        _time.Advance(JustUnder);
        _clock.Connected();
        _time.Advance(JustUnder);
        _clock.Written();
        _time.Advance(JustUnder);
        Assert.False(_clock.Token.IsCancellationRequested);

        _time.Advance(Rest);
        Assert.True(_clock.Token.IsCancellationRequested);
        Assert.Equal(AttemptPhase.Waiting, _clock.Phase);
    }

    [Fact]
    public void A_request_moved_to_another_connection_keeps_the_clock_it_has()
    {
        _clock.Connected();
        _clock.Written();
        _time.Advance(JustUnder);

        _clock.Connected();
        _clock.Written();
        _time.Advance(Rest);

        Assert.True(_clock.Token.IsCancellationRequested);
    }

    [Fact]
    public void The_body_gets_a_quarter_of_a_second_more()
    {
        _clock.Connected();
        _clock.Written();
        _clock.Answered();
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(_clock.Token.IsCancellationRequested);

        _time.Advance(Rest);
        Assert.True(_clock.Token.IsCancellationRequested);
        Assert.Equal(AttemptPhase.Reading, _clock.Phase);
    }

    [Fact]
    public void The_response_time_counts_from_the_request_written()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _clock.Connected();
        _time.Advance(TimeSpan.FromSeconds(1));
        _clock.Written();
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(TimeSpan.FromSeconds(2), _clock.Answered());
        Assert.Equal(TimeSpan.FromSeconds(4), _clock.Elapsed);
    }

    [Fact]
    public void A_stop_after_a_deadline_does_not_hide_it()
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        _clock.Stop();

        Assert.False(_clock.Stopped);
    }

    [Fact]
    public void A_clock_is_not_used_again_while_its_request_may_still_be_written()
    {
        using var clock = new AttemptClock(new SendingOptions(), TimeProvider.System);
        clock.Start();
        clock.Connected();
        clock.Answered();
        Assert.False(clock.TryReset());

        clock.Written();
        Assert.True(clock.TryReset());
    }

    public void Dispose() => _clock.Dispose();
}
