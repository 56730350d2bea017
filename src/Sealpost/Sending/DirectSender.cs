using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Sealpost.Dispatch;

namespace Sealpost.Sending;

/// <summary>
/// Makes attempts: one POST each, straight to the endpoint, under the deadlines and the egress guard. Whatever the
/// endpoint does comes back as an <see cref="Outcome"/>. Thread-safe; one instance serves the process.
/// </summary>
/// <remarks>
/// 1. The connect clock runs from the start until the request has a connection, waiting for one included.
/// 2. The response clock runs from the request written to the status line and headers, which decide the outcome.
/// 3. The body is read a little further, for the log; a longer or slower one costs the connection.
///
/// Nothing is tried twice here: a connection that turns out to be dead is a failure like any other, and the retry
/// mechanism's business.
/// </remarks>
public sealed class DirectSender : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly SendingOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<AttemptClock> _idleClocks = new();

    /// <exception cref="InvalidDataException">A file of <see cref="EgressOptions.TrustedRoots"/> holds no certificate.</exception>
    public DirectSender(SendingOptions sending, EgressOptions egress, DispatchOptions dispatch, TimeProvider time)
        : this(sending, egress, dispatch, time, new SystemHostLookup().FindAsync)
    {
    }

    /// <summary>With names resolved by <paramref name="lookup"/>.</summary>
    internal DirectSender(
        SendingOptions sending, EgressOptions egress, DispatchOptions dispatch, TimeProvider time, HostLookup lookup)
    {
        var connector = new GuardedConnector(new EgressGuard(egress), lookup, sending.ConnectTimeout, time);
        _invoker = new HttpMessageInvoker(OutgoingHandler.Create(connector, sending, egress, dispatch, time));
        _options = sending;
        _time = time;
    }

    /// <summary>Sends one notification once.</summary>
    /// <param name="attempt">What to send, and where.</param>
    /// <param name="stop">The process stops: an attempt without an answer is <see cref="OutcomeKind.Abandoned"/>.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome> SendAsync(Attempt attempt, CancellationToken stop)
    {
        var clock = _idleClocks.TryDequeue(out var idle) ? idle : new AttemptClock(_options, _time);
        clock.Start();
        var stopping = stop.UnsafeRegister(static clock => ((AttemptClock)clock!).Stop(), clock);
        try
        {
            using var request = NotificationRequest.Create(attempt, clock, _time.GetUtcNow());
            using var response = await _invoker.SendAsync(request, clock.Token);
            var responseTime = clock.Answered();
            return await ReadAsync(response, responseTime, clock);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
        {
            var failure = Judge(e, clock);
            return new Outcome { Kind = failure.Kind, Error = failure.Error, Duration = clock.Elapsed };
        }
        finally
        {
            await stopping.DisposeAsync();
            Retire(clock);
        }
    }

    public void Dispose()
    {
        _invoker.Dispose();
        while (_idleClocks.TryDequeue(out var clock))
        {
            clock.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome> ReadAsync(HttpResponseMessage response, TimeSpan responseTime, AttemptClock clock)
    {
        var body = await ResponseBody.ReadAsync(response, clock.Token);
        return EndpointAnswer.Read(response, body, responseTime, clock.Elapsed, _time.GetUtcNow());
    }

    /// <summary>A cancelled exchange fails in many ways, so the clock is asked first.</summary>
    private static SendFailure Judge(Exception failure, AttemptClock clock)
    {
        if (clock.Stopped)
        {
            return SendFailure.FromStop();
        }

        if (clock.Token.IsCancellationRequested)
        {
            return SendFailure.FromDeadline(clock.Phase);
        }

        // Cancelled, but not by this clock: the handler's own connect timeout was first, by a hair.
        return failure is HttpRequestException known ? SendFailure.From(known) : SendFailure.FromDeadline(AttemptPhase.Connecting);
    }

    private void Retire(AttemptClock clock)
    {
        if (clock.TryReset())
        {
            _idleClocks.Enqueue(clock);
        }
        else
        {
            clock.Dispose();
        }
    }
}
