using Sealpost.Sending;

namespace Sealpost.Dispatch;

/// <summary>
/// How many attempts one origin bears at once, between <see cref="Least"/> and the setting, and what is known of it.
/// </summary>
/// <remarks>
/// 1. It starts at <see cref="Least"/>: who has never answered may be a black hole. 2. A fast response raises it by one, so that
/// it doubles with each round of answers. 3. A slow response moves it by one towards half the setting. 4. A timeout, or any
/// failure that took as long, halves it; one of MTLS itself too, since the places that a hanging gateway holds are missed by
/// others. So an origin that hangs cannot pin the pool, and one that comes back is not flooded.
///
/// Not thread-safe: guarded by the lock of the mailrooms.
/// </remarks>
internal sealed class AdaptiveLimit(int most)
{
    /// <summary>Never fewer: an origin that answers again must be noticed, and one stuck request must not hide it.</summary>
    public const int Least = 2;

    /// <summary>What ends within this time holds no place that others would miss.</summary>
    private static readonly TimeSpan Fast = TimeSpan.FromSeconds(1);

    private readonly int _least = Math.Min(Least, most);
    private readonly int _mostOfSlow = Math.Max(Math.Min(Least, most), most / 2);

    public int Current { get; private set; } = Math.Min(Least, most);

    public Reputation Reputation { get; private set; } = Reputation.New;

    public void Observe(Outcome outcome)
    {
        if (!outcome.IsMade)
        {
            return;
        }

        if (outcome.ResponseTime is { } responseTime)
        {
            Answered(responseTime);
        }
        else if (outcome.Kind is OutcomeKind.ConnectTimeout or OutcomeKind.ReadTimeout || outcome.Duration > Fast)
        {
            Current = Math.Max(_least, Current / 2);
            Reputation = Reputation.Slow;
        }
    }

    /// <summary>Back to the least, to grow again with each fast response: for one that comes back to a backlog.</summary>
    public void Restart() => Current = _least;

    private void Answered(TimeSpan responseTime)
    {
        if (responseTime <= Fast)
        {
            Current = Math.Min(most, Current + 1);
            Reputation = Reputation.Quick;
        }
        else
        {
            Current += Math.Sign(_mostOfSlow - Current);
            Reputation = Reputation.Slow;
        }
    }
}
