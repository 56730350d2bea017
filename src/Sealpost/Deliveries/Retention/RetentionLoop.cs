using Microsoft.Extensions.Logging;
using Sealpost.Storage;
using Sealpost.Telemetry;

namespace Sealpost.Deliveries.Retention;

/// <summary>
/// Removes what has been over for longer than it is kept, a little at a time and with pauses, so that publishing does not feel it:
/// (1) deliveries with their notifications, (2) what told where they stood, (3) space that the file does not need.
/// </summary>
/// <remarks>
/// It goes on from where it was. Once in a while it begins anew, for those that were pending when it came by. <see cref="RunAsync"/> is
/// its loop, run by the host's background loops.
/// </remarks>
/// <param name="store">Where they are.</param>
/// <param name="options">How long they are kept.</param>
/// <param name="metrics">Counts what is removed.</param>
/// <param name="clock">The time.</param>
/// <param name="beat">Called at each turn, at least once a second: the heartbeat.</param>
/// <param name="log">Told when nothing can be removed.</param>
internal sealed partial class RetentionLoop(
    IRetentionStore store, RetentionOptions options, SealpostMetrics metrics, TimeProvider clock, Action beat, ILogger<RetentionLoop> log)
{
    /// <summary>For each millisecond that a batch takes, the ledger has so many for itself.</summary>
    private const int PauseFactor = 4;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan IdleTurn = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _interval = Between(IdleTurn, options.Deliveries / 1000, TimeSpan.FromMinutes(1));
    private readonly TimeSpan _anewInterval = Between(IdleTurn, options.Deliveries / 100, TimeSpan.FromMinutes(15));
    private readonly TimeSpan _endsInterval = Between(IdleTurn, options.Deliveries / 50, TimeSpan.FromHours(1));
    private long _after;
    private bool _isClearing;
    private bool _isClearingEnds;
    private DateTimeOffset _clearAt;
    private DateTimeOffset _anewAt;
    private DateTimeOffset _endsAt;
    private bool _isFailing;

    /// <summary>Runs until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var started = clock.GetTimestamp();
            var isMore = TryTurn();
            beat();
            var pause = clock.GetElapsedTime(started) * PauseFactor;
            await Task.Delay(isMore ? Between(ShortestPause, pause, IdleTurn) : IdleTurn, clock, stopping);
        }
    }

    /// <summary>One small piece of work. False: there is none for now.</summary>
    public bool Turn() => Clear() || ClearEnds() || store.GiveBack();

    // On a full disk even a removal finds no room for its log; it is tried again.
    private bool TryTurn()
    {
        try
        {
            var isMore = Turn();
            _isFailing = false;
            return isMore;
        }
        catch (StoreException e) when (e.Fault is StoreFault.Full or StoreFault.InUse)
        {
            if (!_isFailing)
            {
                _isFailing = true;
                LogFailing(e.Message);
            }

            return false;
        }
    }

    private bool Clear()
    {
        var now = clock.GetUtcNow();
        if (!_isClearing)
        {
            if (now < _clearAt)
            {
                return false;
            }

            _isClearing = true;
            if (now >= _anewAt)
            {
                (_after, _anewAt) = (0, now + _anewInterval);
            }
        }

        var batch = store.Clear(_after, now - options.Deliveries);
        metrics.Cleared(batch.Deliveries);
        _after = batch.Through;
        if (batch.IsLast)
        {
            (_isClearing, _clearAt) = (false, now + _interval);
        }

        return true;
    }

    private bool ClearEnds()
    {
        var now = clock.GetUtcNow();
        if (!_isClearingEnds && now < _endsAt)
        {
            return false;
        }

        _isClearingEnds = store.ClearEnds();
        if (!_isClearingEnds)
        {
            _endsAt = now + _endsInterval;
        }

        return true;
    }

    private static TimeSpan Between(TimeSpan least, TimeSpan span, TimeSpan most) => span < least ? least : span > most ? most : span;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old deliveries cannot be removed now, it is tried again ({Reason})")]
    private partial void LogFailing(string reason);
}
