using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sealpost.Mailrooms;
using Sealpost.Retry;
using Sealpost.Storage;
using Sealpost.Telemetry;

namespace Sealpost.Deliveries.History;

/// <summary>
/// Writes down every attempt that is not a success at the first one, beside the commits and never in their way: when it cannot
/// keep up, the oldest unwritten ones are lost and counted.
/// </summary>
/// <remarks>
/// <see cref="RunAsync"/> is its loop, run by the host's background loops. <see cref="Complete"/> ends it: what was noted is
/// written first. It forgets days beyond the retention at the start and once an hour.
/// </remarks>
internal sealed partial class AttemptLog
{
    /// <summary>Unwritten attempts at most: with 4 KiB of response each, 32 MiB.</summary>
    public const int Capacity = 8192;

    private const int RowsPerWrite = 500;

    /// <summary>How long the first attempt waits for others, so that a write has many.</summary>
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan IdleTurn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromHours(1);

    private readonly IAttemptStore _store;
    private readonly RetentionOptions _retention;
    private readonly SealpostMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly Action _beat;
    private readonly ILogger<AttemptLog> _log;
    private readonly Channel<LoggedAttempt> _noted;
    private readonly ConcurrentQueue<(IReadOnlyList<DeliveryId> Deliveries, TaskCompletionSource<int> Erased)> _toErase = new();
    private readonly List<LoggedAttempt> _batch = new(RowsPerWrite);
    private DateTimeOffset _forgetAt;
    private bool _isFailing;

    /// <param name="store">Where they are kept.</param>
    /// <param name="retention">For how long.</param>
    /// <param name="metrics">Counts what is lost.</param>
    /// <param name="clock">The time.</param>
    /// <param name="beat">Called at each turn, at least once a second: the heartbeat.</param>
    /// <param name="log">Told when writing fails.</param>
    public AttemptLog(
        IAttemptStore store, RetentionOptions retention, SealpostMetrics metrics, TimeProvider clock, Action beat, ILogger<AttemptLog> log)
    {
        (_store, _retention, _metrics, _clock, _beat, _log) = (store, retention, metrics, clock, beat, log);
        var options = new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        _noted = Channel.CreateBounded<LoggedAttempt>(options, _ => metrics.AttemptsUnlogged(1));
    }

    /// <summary>Takes an attempt that has ended. Thread-safe; a success at the first attempt costs two comparisons.</summary>
    public void Note(in Completion completion)
    {
        var kind = completion.Decision.Kind;
        if (kind == DecisionKind.NotMade || (kind == DecisionKind.Delivered && completion.Attempt.Number == 1))
        {
            return;
        }

        _noted.Writer.TryWrite(LoggedAttempt.Of(completion));
    }

    /// <summary>Removes the attempts of these deliveries for good, in their turn behind what was noted before; gives how many there were.</summary>
    /// <exception cref="StoreException">They could not be removed.</exception>
    public Task<int> EraseAsync(IReadOnlyList<DeliveryId> deliveries)
    {
        var erased = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _toErase.Enqueue((deliveries, erased));
        return erased.Task;
    }

    /// <summary>No attempt ends any more.</summary>
    public void Complete() => _noted.Writer.TryComplete();

    /// <summary>Writes until <see cref="Complete"/>, and then the rest.</summary>
    public async Task RunAsync()
    {
        using var idle = new PeriodicTimer(IdleTurn, _clock);
        var tick = idle.WaitForNextTickAsync().AsTask();
        for (var more = true; more;)
        {
            Forget();
            var noted = _noted.Reader.WaitToReadAsync().AsTask();
            while (await Task.WhenAny(noted, tick) == tick)
            {
                _beat();
                Forget();
                Erase();
                tick = idle.WaitForNextTickAsync().AsTask();
            }

            _beat();
            more = await noted;
            if (more)
            {
                await Task.Delay(GatherTime, _clock);
                WriteNoted();
            }

            Erase();
        }
    }

    private void WriteNoted()
    {
        while (_noted.Reader.TryRead(out var attempt))
        {
            _batch.Add(attempt);
            if (_batch.Count == RowsPerWrite)
            {
                WriteBatch();
            }
        }

        WriteBatch();
    }

    private void WriteBatch()
    {
        if (_batch.Count > 0)
        {
            Try(() => _store.Write(_batch), _batch.Count);
            _batch.Clear();
            _beat();
        }
    }

    private void Erase()
    {
        while (_toErase.TryDequeue(out var asked))
        {
            try
            {
                WriteNoted();
                var count = 0;
                foreach (var some in asked.Deliveries.Chunk(RowsPerWrite))
                {
                    count += _store.Erase(some);
                    _beat();
                }

                asked.Erased.SetResult(count);
            }
            catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
            {
                asked.Erased.SetException(e);
            }
        }
    }

    private void Forget()
    {
        var now = _clock.GetUtcNow();
        if (now >= _forgetAt)
        {
            _forgetAt = now + ForgetInterval;
            Try(() => _store.ForgetBefore(DateOnly.FromDateTime((now - _retention.Attempts).UtcDateTime)), attempts: 0);
        }
    }

    // The log is best effort: a fault of its files must not stop deliveries.
    private void Try(Action work, int attempts)
    {
        try
        {
            work();
            _isFailing = false;
        }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
        {
            _metrics.AttemptsUnlogged(attempts);
            if (!_isFailing)
            {
                _isFailing = true;
                LogFailing(e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Attempts cannot be written down, deliveries go on without ({Reason})")]
    private partial void LogFailing(string reason);
}
