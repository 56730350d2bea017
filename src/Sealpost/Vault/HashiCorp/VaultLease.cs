namespace Sealpost.Vault.HashiCorp;

/// <summary>A token and how long it is good for.</summary>
/// <param name="Token">The token; it is kept in memory alone.</param>
/// <param name="Duration">Its time to live when it was given; zero: it does not end.</param>
/// <param name="Renewable">Whether the server renews it.</param>
/// <param name="GivenAt">When it was given, as <see cref="TimeProvider.GetTimestamp"/> counts.</param>
internal sealed record VaultLease(Secret Token, TimeSpan Duration, bool Renewable, long GivenAt)
{
    /// <summary>Two thirds of its time have passed: early enough for some tries before it ends (security 4).</summary>
    public bool IsDue(TimeProvider time) => Ends && time.GetElapsedTime(GivenAt) >= Duration * 2 / 3;

    public bool HasEnded(TimeProvider time) => Ends && time.GetElapsedTime(GivenAt) >= Duration;

    private bool Ends => Duration > TimeSpan.Zero;
}
