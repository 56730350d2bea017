namespace Sealpost.Mailrooms;

/// <summary>Tells the mailrooms when the next due time has come, on a thread of its own; computed, not polled.</summary>
/// <remarks>Started by <see cref="Start"/>, stopped by <see cref="Stop"/>. The turn each second is the heartbeat.</remarks>
internal sealed class DueTimes : IDisposable
{
    private static readonly TimeSpan IdleTurn = TimeSpan.FromSeconds(1);

    private readonly AllMailrooms _mailrooms;
    private readonly TimeProvider _clock;
    private readonly Action _wake;
    private readonly Action _beat;
    private readonly Action<Exception> _fail;
    private readonly AutoResetEvent _changed = new(initialState: false);
    private readonly Thread _thread;
    private long _plannedTicks;
    private volatile bool _isStopping;

    /// <param name="mailrooms">Whose times.</param>
    /// <param name="clock">The clock they are held against.</param>
    /// <param name="wake">Called after each tick: attempts or reads may be ready.</param>
    /// <param name="beat">Called at each turn, at least once a second: the heartbeat.</param>
    /// <param name="fail">Called once, when something is broken: ends the process.</param>
    public DueTimes(AllMailrooms mailrooms, TimeProvider clock, Action wake, Action beat, Action<Exception> fail)
    {
        (_mailrooms, _clock, _wake, _beat, _fail) = (mailrooms, clock, wake, beat, fail);
        _thread = new Thread(Run) { Name = "sealpost-due", IsBackground = true };
    }

    public void Start() => _thread.Start();

    public void Stop()
    {
        _isStopping = true;
        _changed.Set();
        _thread.Join();
    }

    /// <summary>Something is due at this time: wakes the loop when that is sooner than it planned.</summary>
    public void Plan(DateTimeOffset dueAt)
    {
        if (dueAt.UtcTicks < Volatile.Read(ref _plannedTicks))
        {
            _changed.Set();
        }
    }

    public void Dispose() => _changed.Dispose();

    private void Run()
    {
        try
        {
            while (!_isStopping)
            {
                var now = _clock.GetUtcNow();
                _beat();
                _mailrooms.Tick(now);
                _wake();
                var next = _mailrooms.NextDue is { } due && due < now + IdleTurn ? due : now + IdleTurn;
                Volatile.Write(ref _plannedTicks, next.UtcTicks);
                var wait = next - _clock.GetUtcNow();
                if (wait > TimeSpan.Zero)
                {
                    // Rounded up: a wait that ends a fraction early would spin.
                    _changed.WaitOne((int)Math.Ceiling(wait.TotalMilliseconds));
                }
            }
        }
        catch (Exception e)
        {
            _fail(e);
        }
    }
}
