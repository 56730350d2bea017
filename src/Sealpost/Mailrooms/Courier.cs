using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Sealpost.Sending;

namespace Sealpost.Mailrooms;

/// <summary>Makes one attempt. Cancelled when the process stops: the attempt then counts as not made.</summary>
internal delegate ValueTask<Outcome> Send(Attempt attempt, CancellationToken stop);

/// <summary>
/// Makes the attempts that the mailrooms pick: as many at once as the limits allow, each bringing its outcome back and taking
/// the next pick along.
/// </summary>
/// <remarks>
/// Runs on the thread pool and needs no loop of its own: whoever makes something ready calls <see cref="Wake"/>.
/// <see cref="StopAsync"/> starts no more attempts, waits for those in flight, and abandons them after a time.
/// </remarks>
internal sealed partial class Courier(
    AllMailrooms mailrooms, Send send, TimeProvider clock, Action<Completion> completed, Action passed, ILogger<Courier> log) : IDisposable
{
    private readonly CancellationTokenSource _abandon = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private volatile bool _isStopping;

    /// <summary>Starts every attempt that may be made now.</summary>
    public void Wake()
    {
        // Counted first: whoever stops either sees it or is seen.
        while (Interlocked.Increment(ref _running) > 0 && !_isStopping && Pick() is { } picked)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Courier.RunAsync(work.Picked), (Courier: this, Picked: picked), preferLocal: false);
        }

        Ended();
    }

    /// <summary>Lets attempts in flight finish for at most <paramref name="patience"/>; those that do not count as not made.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        _isStopping = true;
        if (Volatile.Read(ref _running) == 0)
        {
            return;
        }

        try
        {
            await _drained.Task.WaitAsync(patience, clock);
        }
        catch (TimeoutException)
        {
            await _abandon.CancelAsync();
            await _drained.Task;
        }
    }

    public void Dispose() => _abandon.Dispose();

    private async Task RunAsync(PickedAttempt first)
    {
        for (PickedAttempt? next = first; next is { } picked; next = _isStopping ? null : Pick())
        {
            if (picked.MoreCanGo)
            {
                Wake();
            }

            var outcome = await SendAsync(picked.Attempt);
            completed(mailrooms.Complete(picked, outcome, clock.GetUtcNow()));
        }

        // A pick that became possible after the last one failed has been taken by whoever made it possible.
        Ended();
    }

    private PickedAttempt? Pick()
    {
        var picked = mailrooms.Pick(clock.GetUtcNow(), out var hasPassed);
        if (hasPassed)
        {
            passed();
        }

        return picked;
    }

    private void Ended()
    {
        if (Interlocked.Decrement(ref _running) == 0 && _isStopping)
        {
            _drained.TrySetResult();
        }
    }

    // An attempt that throws is a failed one: a delivery that trips a fault of ours must not stop all others.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome> SendAsync(Attempt attempt)
    {
        var started = clock.GetTimestamp();
        try
        {
            return await send(attempt, _abandon.Token);
        }
        catch (Exception e)
        {
            Log.Threw(log, attempt.Delivery.ToString(), e);
            return new Outcome
            {
                Kind = OutcomeKind.InvalidResponse,
                Error = $"internal error: {e.GetType().Name}",
                Duration = clock.GetElapsedTime(started),
            };
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "An attempt of {Delivery} threw")]
        public static partial void Threw(ILogger logger, string delivery, Exception exception);
    }
}
