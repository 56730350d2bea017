namespace Sealpost.Hosting.Lifetime;

/// <summary>
/// How the process ends (contract.md): from <see cref="Begin"/> on publishing is answered 503 and no attempt starts; what is
/// in flight has 12 s; then <see cref="GivingUp"/>, and it counts as not made. Thread safe.
/// </summary>
internal sealed class Shutdown(TimeProvider time) : IDisposable
{
    /// <summary>More than the 10 s that one attempt takes at its default deadlines.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(12);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _givingUp = new();
    private ITimer? _timer;

    /// <summary>Nothing new begins once this is cancelled.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Nothing continues once this is cancelled.</summary>
    public CancellationToken GivingUp => _givingUp.Token;

    /// <summary>The first call counts.</summary>
    public void Begin()
    {
        var timer = time.CreateTimer(_ => _givingUp.Cancel(), null, Grace, Timeout.InfiniteTimeSpan);
        if (Interlocked.CompareExchange(ref _timer, timer, null) is not null)
        {
            timer.Dispose();
            return;
        }

        _stopping.Cancel();
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _stopping.Dispose();
        _givingUp.Dispose();
    }
}
