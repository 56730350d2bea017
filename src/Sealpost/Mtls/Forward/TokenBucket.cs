namespace Sealpost.Mtls.Forward;

/// <summary>Permits that refill at a rate up to a burst. Pure; a new one is full.</summary>
/// <param name="Permits">What was left.</param>
/// <param name="At">When, on any clock that only goes forward.</param>
internal readonly record struct TokenBucket(double Permits, TimeSpan At)
{
    /// <summary>Takes a permit, or says how long to wait for one.</summary>
    public (TokenBucket After, TimeSpan? Wait) Take(TimeSpan now, int permitsPerSecond, int burst)
    {
        var permits = Math.Min(burst, Permits + Math.Max(0, (now - At).TotalSeconds) * permitsPerSecond);
        return permits >= 1
            ? (new TokenBucket(permits - 1, now), null)
            : (new TokenBucket(permits, now), TimeSpan.FromSeconds((1 - permits) / permitsPerSecond));
    }
}
