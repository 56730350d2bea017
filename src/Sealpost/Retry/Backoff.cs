namespace Sealpost.Retry;

/// <summary>The waits of retry by time to live: 2 s, 4 s, 8 s, … at most 5 minutes, without jitter (protocol 4).</summary>
public static class Backoff
{
    /// <summary>The wait after failure number <paramref name="failures"/>, counted from 1.</summary>
    public static TimeSpan After(int failures, RetryOptions options)
    {
        // 2^30 times any base of a millisecond or more is beyond every maximum; the shift must not overflow.
        var doublings = Math.Clamp(failures - 1, 0, 30);
        var factor = 1L << doublings;
        return options.BackoffBase.Ticks > options.BackoffMax.Ticks / factor
            ? options.BackoffMax
            : TimeSpan.FromTicks(options.BackoffBase.Ticks * factor);
    }
}
