namespace Sealpost.Publishing;

/// <summary>What the bodies of all publish requests under way may take, so that many large ones at once cannot exhaust the memory. Thread-safe.</summary>
internal sealed class BodyBudget(long bytes)
{
    /// <summary>16 requests of the largest default size.</summary>
    public const long DefaultBytes = 256L << 20;

    private long _taken;

    public bool TryTake(long more)
    {
        if (Interlocked.Add(ref _taken, more) <= bytes)
        {
            return true;
        }

        Release(more);
        return false;
    }

    public void Release(long taken) => Interlocked.Add(ref _taken, -taken);
}
