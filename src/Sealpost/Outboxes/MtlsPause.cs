namespace Sealpost.Outboxes;

/// <summary>Until when nothing of an account goes through MTLS, because MTLS takes no more of it for now (protocol 5, 429).</summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class MtlsPause
{
    /// <summary>What an answer without a time to wait asks for.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>Its end; long past when there is none.</summary>
    public DateTimeOffset Until { get; private set; } = DateTimeOffset.MinValue;

    public bool IsOn(DateTimeOffset now) => now < Until;

    /// <summary>MTLS has just refused a request.</summary>
    /// <param name="retryAfter">What it asked for.</param>
    /// <param name="most">It waits no longer than this, whatever is asked for.</param>
    /// <param name="now">The moment.</param>
    public void Begin(TimeSpan? retryAfter, TimeSpan most, DateTimeOffset now)
    {
        var wait = retryAfter is { } asked && asked > Least ? asked : Least;
        var until = now + (wait < most ? wait : most);
        Until = until > Until ? until : Until;
    }
}
