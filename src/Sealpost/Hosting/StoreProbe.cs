using Microsoft.Extensions.Logging;
using Sealpost.Storage;

namespace Sealpost.Hosting;

/// <summary>
/// Whether a small commit gets through, asked at most once a second however often health is. A probe that hangs counts as
/// failed after two seconds, and no second one is started beside it. Thread safe.
/// </summary>
/// <param name="write">One write transaction, durable when it returns.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where a failed probe is told.</param>
internal sealed partial class StoreProbe(Action write, TimeProvider time, ILogger<StoreProbe> logger)
{
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<bool>? _probe;
    private long _startedAt;

    public async Task<bool> CanWrite()
    {
        try
        {
            return await Current().WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Task<bool> Current()
    {
        lock (_lock)
        {
            if (_probe is null || (_probe.IsCompleted && time.GetElapsedTime(_startedAt) >= Validity))
            {
                _startedAt = time.GetTimestamp();
                _probe = Task.Run(Probe);
            }

            return _probe;
        }
    }

    private bool Probe()
    {
        try
        {
            write();
            return true;
        }
        catch (StoreException e)
        {
            LogFailed(e.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store does not take writes: {Reason}")]
    private partial void LogFailed(string reason);
}
