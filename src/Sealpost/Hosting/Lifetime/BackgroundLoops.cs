using Microsoft.Extensions.Logging;

namespace Sealpost.Hosting.Lifetime;

/// <summary>
/// What runs beside the requests. A loop ends by itself after <see cref="Shutdown.Stopping"/>; one that throws before has
/// broken a promise, and the process must end.
/// </summary>
internal sealed partial class BackgroundLoops(ILogger<BackgroundLoops> logger)
{
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<Task> _running = [];

    /// <summary>Completes when a loop has thrown; never otherwise.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Runs <paramref name="loop"/> on the thread pool from now on.</summary>
    public void Start(string name, Func<Task> loop)
    {
        var running = Task.Run(() => Watch(name, loop));
        lock (_lock)
        {
            _running.Add(running);
        }
    }

    /// <summary>Waits until all loops have ended, and no longer than <paramref name="givingUp"/> allows. False: some go on.</summary>
    public async Task<bool> Drained(CancellationToken givingUp)
    {
        try
        {
            await Snapshot().WaitAsync(givingUp);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private Task Snapshot()
    {
        lock (_lock)
        {
            return Task.WhenAll(_running);
        }
    }

    private async Task Watch(string name, Func<Task> loop)
    {
        try
        {
            await loop();
        }
        catch (OperationCanceledException)
        {
            LogEnded(name);
        }
        catch (Exception e)
        {
            LogFailed(e, name, e.Message);
            _failed.TrySetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Loop {Loop} was stopped")]
    private partial void LogEnded(string loop);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Loop {Loop} failed, the process ends: {Reason}")]
    private partial void LogFailed(Exception e, string loop, string reason);
}
