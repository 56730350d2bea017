using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Hosting.Lifetime;

namespace Sealpost.Tests.Hosting;

public sealed class ShutdownTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void What_is_in_flight_has_twelve_seconds_after_nothing_new_begins()
    {
        using var shutdown = new Shutdown(_time);
        Assert.False(shutdown.Stopping.IsCancellationRequested);

        shutdown.Begin();
        _time.Advance(TimeSpan.FromSeconds(6));
        shutdown.Begin();
        _time.Advance(TimeSpan.FromSeconds(5.999));
        Assert.True(shutdown.Stopping.IsCancellationRequested);
        Assert.False(shutdown.GivingUp.IsCancellationRequested);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(shutdown.GivingUp.IsCancellationRequested);
    }

    [Fact]
    public async Task A_loop_that_throws_is_told_and_one_that_is_stopped_is_not()
    {
        var loops = new BackgroundLoops(NullLogger<BackgroundLoops>.Instance);
        loops.Start("stopped", () => Task.FromCanceled(new CancellationToken(canceled: true)));
        Assert.True(await loops.Drained(CancellationToken.None));
        Assert.False(loops.Failed.IsCompleted);

        loops.Start("broken", () => throw new InvalidOperationException("broken"));

        await loops.Failed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Loops_that_do_not_end_are_left_behind_when_the_time_is_over()
    {
        using var shutdown = new Shutdown(_time);
        var loops = new BackgroundLoops(NullLogger<BackgroundLoops>.Instance);
        var work = new TaskCompletionSource();
        loops.Start("stuck", () => work.Task);

        shutdown.Begin();
        var drained = loops.Drained(shutdown.GivingUp);
        Assert.False(drained.IsCompleted);
        _time.Advance(Shutdown.Grace);

        Assert.False(await drained);
        work.SetResult();
        Assert.True(await loops.Drained(CancellationToken.None));
    }
}
