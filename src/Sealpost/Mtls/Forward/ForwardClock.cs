using Sealpost.Sending;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// Cancels a forward whose endpoint takes too long: to be connected to, to take the request's next bytes, to answer, to send the body's
/// next bytes. While the caller is waited for, no clock runs against the endpoint. Phases only go forward. Thread safe.
/// </summary>
internal sealed class ForwardClock : IDisposable
{
    /// <summary>Waiting for a body in all, so that an endpoint that drips is not read for ever.</summary>
    private static readonly TimeSpan BodyPatience = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SendingOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _expiry;
    private readonly long _started;
    private TimeSpan _patience = BodyPatience;
    private AttemptPhase _phase = AttemptPhase.Connecting;
    private long? _writtenAt;
    private TimeSpan? _responseTime;

    /// <summary>Starts at once.</summary>
    public ForwardClock(SendingOptions options, TimeProvider time)
    {
        (_options, _time, _started) = (options, time, time.GetTimestamp());
        _expiry = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _expiry.CancelAfter(options.ConnectTimeout);
    }

    /// <summary>Cancelled when a deadline passes or the caller goes.</summary>
    public CancellationToken Token => _expiry.Token;

    /// <summary>Where the forward is, or was when it was cancelled.</summary>
    public AttemptPhase Phase
    {
        get
        {
            lock (_gate)
            {
                return _phase;
            }
        }
    }

    /// <summary>From the request written, or where it was not, from the start, to the answer or until now.</summary>
    public TimeSpan ResponseTime
    {
        get
        {
            lock (_gate)
            {
                return _responseTime ?? _time.GetElapsedTime(_writtenAt ?? _started);
            }
        }
    }

    /// <summary>The endpoint is to take the next bytes of the request.</summary>
    public void AwaitTaking() => Enter(AttemptPhase.Writing, _options.ResponseTimeout);

    /// <summary>The caller is to give the next bytes of the request; the server's own limits watch that.</summary>
    public void AwaitCaller() => Enter(AttemptPhase.Writing, Timeout.InfiniteTimeSpan);

    /// <summary>The request is written, the answer is due.</summary>
    public void Written()
    {
        lock (_gate)
        {
            _writtenAt ??= _time.GetTimestamp();
        }

        if (Phase < AttemptPhase.Waiting)
        {
            Enter(AttemptPhase.Waiting, _options.ResponseTimeout);
        }
    }

    /// <summary>Status line and headers are there.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            _responseTime = _time.GetElapsedTime(_writtenAt ?? _time.GetTimestamp());
        }

        Enter(AttemptPhase.Reading, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for the body's next bytes.</summary>
    public async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer)
    {
        var from = _time.GetTimestamp();
        Enter(AttemptPhase.Reading, _patience < _options.ResponseTimeout ? _patience : _options.ResponseTimeout);
        var read = await body.ReadAsync(buffer, Token);
        Enter(AttemptPhase.Reading, Timeout.InfiniteTimeSpan);
        var left = _patience - _time.GetElapsedTime(from);
        _patience = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        return read;
    }

    /// <summary>The body may take so long and no longer.</summary>
    public void AwaitBody(TimeSpan limit) => Enter(AttemptPhase.Reading, limit);

    /// <summary>Nobody waits for the answer any more.</summary>
    public void Stop() => _expiry.Cancel();

    public void Dispose() => _expiry.Dispose();

    private void Enter(AttemptPhase phase, TimeSpan limit)
    {
        lock (_gate)
        {
            if (phase >= _phase && !_expiry.IsCancellationRequested)
            {
                _phase = phase;
                _expiry.CancelAfter(limit);
            }
        }
    }
}
