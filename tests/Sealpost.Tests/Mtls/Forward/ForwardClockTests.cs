using Microsoft.Extensions.Time.Testing;
using Sealpost.Mtls.Forward;
using Sealpost.Sending;

namespace Sealpost.Tests.Mtls.Forward;

public sealed class ForwardClockTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ForwardClock _clock;

    public ForwardClockTests() => _clock = new ForwardClock(
        new SendingOptions { ConnectTimeout = TimeSpan.FromSeconds(3), ResponseTimeout = TimeSpan.FromSeconds(5) }, _time);

    public void Dispose() => _clock.Dispose();

    [Fact]
    public void Connecting_may_take_the_connect_timeout()
    {
        Pass(2.9);
        Assert.False(_clock.Token.IsCancellationRequested);
        Pass(0.2);

        Assert.True(_clock.Token.IsCancellationRequested);
        Assert.Equal(AttemptPhase.Connecting, _clock.Phase);
    }

    [Fact]
    public void The_caller_may_take_as_long_as_it_likes_and_each_taking_has_the_response_timeout()
    {
        _clock.AwaitCaller();
        Pass(1000);
        _clock.AwaitTaking();
        Pass(4);
        _clock.AwaitCaller();
        Pass(1000);
        _clock.AwaitTaking();
        Assert.False(_clock.Token.IsCancellationRequested);
        Pass(5.1);

        Assert.True(_clock.Token.IsCancellationRequested);
        Assert.Equal(AttemptPhase.Writing, _clock.Phase);
    }

    [Fact]
    public void The_answer_is_due_within_the_response_timeout_of_the_last_byte_and_its_time_is_counted_from_there()
    {
        _clock.AwaitCaller();
        Pass(60);
        _clock.Written();
        Pass(4);
        // The handler has moved it to another connection: the clock it has goes on.
        _clock.Written();
        Assert.Equal(TimeSpan.FromSeconds(4), _clock.ResponseTime);
        Pass(1.1);

        Assert.True(_clock.Token.IsCancellationRequested);
        Assert.Equal(AttemptPhase.Waiting, _clock.Phase);
    }

    [Fact]
    public async Task A_body_may_pause_for_the_response_timeout_and_for_a_minute_in_all()
    {
        _clock.Written();
        Pass(1);
        _clock.Answered();
        Pass(1000);
        Assert.Equal(TimeSpan.FromSeconds(1), _clock.ResponseTime);
        for (var i = 0; i < 14; i++)
        {
            Assert.Equal(1, await _clock.ReadAsync(new Dripping(() => Pass(4)), new byte[8]));
        }

        var last = _clock.ReadAsync(new Dripping(() => Pass(4.1)), new byte[8]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await last);
    }

    private void Pass(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Gives one byte after a while.</summary>
    private sealed class Dripping(Action pass) : MemoryStream(new byte[1])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            pass();
            cancellationToken.ThrowIfCancellationRequested();
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
