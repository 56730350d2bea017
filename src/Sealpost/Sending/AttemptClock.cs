namespace Sealpost.Sending;

/// <summary>The deadlines of one attempt, which follow one another; each phase has one.</summary>
internal enum AttemptPhase
{
    /// <summary>Waiting for a connection: DNS, TCP, TLS.</summary>
    Connecting,

    /// <summary>The connection is there, the request is being written.</summary>
    Writing,

    /// <summary>The request is written, the status line and headers are due.</summary>
    Waiting,

    /// <summary>The outcome is decided, the body is read.</summary>
    Reading,
}

/// <summary>
/// Cancels an attempt whose phase takes too long. The phase in which it did tells the outcome. Phases only go forward: a
/// request that the handler moves to another connection keeps the clock it has. Thread-safe, since over HTTP/2 the answer
/// may come while the request is still being written.
/// </summary>
internal sealed class AttemptClock : IWritingClock, IDisposable
{
    private readonly Lock _gate = new();
    private readonly SendingOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeSpan? _whole;
    private readonly CancellationTokenSource _expiry;
    private AttemptPhase _phase;
    private int _writings;
    private bool _wasWritten;
    private bool _stopped;
    private long _started;
    private long _writtenAt;

    /// <param name="options">The deadlines of the phases.</param>
    /// <param name="time">The clock.</param>
    /// <param name="whole">One deadline for all phases up to the headers, instead of theirs; null: theirs.</param>
    public AttemptClock(SendingOptions options, TimeProvider time, TimeSpan? whole = null)
    {
        _options = options;
        _time = time;
        _whole = whole;
        _expiry = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>Cancelled when a deadline passes or the process stops.</summary>
    public CancellationToken Token => _expiry.Token;

    /// <summary>Where the attempt is, or was when it was cancelled.</summary>
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

    /// <summary>Whether it was the stop of the process that cancelled the attempt.</summary>
    public bool Stopped
    {
        get
        {
            lock (_gate)
            {
                return _stopped;
            }
        }
    }

    /// <summary>Since <see cref="Start"/>.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_started);

    /// <summary>Starts a new attempt in <see cref="AttemptPhase.Connecting"/>.</summary>
    public void Start()
    {
        _started = _time.GetTimestamp();
        _phase = AttemptPhase.Connecting;
        _writings = 0;
        _wasWritten = false;
        _expiry.CancelAfter(_whole ?? _options.ConnectTimeout);
    }

    /// <inheritdoc/>
    /// <remarks>Writing may take as long as the answer.</remarks>
    public void Connected()
    {
        lock (_gate)
        {
            _writings++;
        }

        Enter(AttemptPhase.Writing, _options.ResponseTimeout);
    }

    /// <inheritdoc/>
    public void Written()
    {
        lock (_gate)
        {
            _writings--;
            if (!_wasWritten)
            {
                _wasWritten = true;
                _writtenAt = _time.GetTimestamp();
            }
        }

        Enter(AttemptPhase.Waiting, _options.ResponseTimeout);
    }

    /// <summary>The headers are there.</summary>
    /// <returns>How long they took since the request was written.</returns>
    public TimeSpan Answered()
    {
        Enter(AttemptPhase.Reading, ResponseBody.Time);
        lock (_gate)
        {
            return _wasWritten ? _time.GetElapsedTime(_writtenAt) : TimeSpan.Zero;
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            if (_expiry.IsCancellationRequested)
            {
                return;
            }

            _stopped = true;
        }

        _expiry.Cancel();
    }

    /// <summary>
    /// Makes it ready for another attempt. False when it was cancelled, or when the request may still be being written:
    /// then it would report to the wrong attempt.
    /// </summary>
    public bool TryReset() => _wasWritten && _writings == 0 && _expiry.TryReset();

    public void Dispose() => _expiry.Dispose();

    private void Enter(AttemptPhase phase, TimeSpan limit)
    {
        lock (_gate)
        {
            if (phase > _phase && !_expiry.IsCancellationRequested)
            {
                _phase = phase;
                if (_whole is null || phase == AttemptPhase.Reading)
                {
                    _expiry.CancelAfter(limit);
                }
            }
        }
    }
}
