using Sealpost.Sending;

namespace Sealpost.Dispatch;

/// <summary>
/// How many attempts one origin bears at once. Halved at each timeout, down to <see cref="Least"/>; one more for each fast
/// response, up to the setting. So an origin that hangs cannot pin the pool, and one that comes back is not flooded.
/// </summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class AdaptiveLimit(int most)
{
    /// <summary>Never fewer: an origin that answers again must be noticed, and one stuck request must not hide it.</summary>
    public const int Least = 2;

    /// <summary>A response within this time is fast; slower ones neither raise nor lower the limit.</summary>
    private static readonly TimeSpan Fast = TimeSpan.FromSeconds(1);

    private readonly int _most = most;

    public int Current { get; private set; } = most;

    public void Observe(Outcome outcome)
    {
        if (outcome.Kind is OutcomeKind.ConnectTimeout or OutcomeKind.ReadTimeout)
        {
            Current = Math.Max(Math.Min(Least, _most), Current / 2);
        }
        else if (outcome.ResponseTime <= Fast && Current < _most)
        {
            Current++;
        }
    }
}
