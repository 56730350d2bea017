namespace Sealpost.Retry;

/// <summary>When a failed delivery is tried again (settings <c>Retry:*</c>, protocol 4).</summary>
public sealed record RetryOptions
{
    /// <summary>By numbers: from the end of one attempt to the next; default 30 s.</summary>
    public TimeSpan FixedDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>By time to live: the first wait, doubled after each failure; default 2 s.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>By time to live: the longest wait, and the most that a <c>Retry-After</c> is honoured; default 5 minutes.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromMinutes(5);
}
