namespace Sealpost.Outboxes;

/// <summary>
/// The memory that deliveries may take in all, shared by the outboxes. Each may hold as much as is still free, so one outbox
/// alone gets half, and a hundred that pile up leave every newcomer as much as they have each (dynamic thresholds for shared
/// buffers; Choudhury and Hahne 1998).
/// </summary>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class Window(long capacity)
{
    /// <summary>64 MiB: about 40,000 deliveries of 1 KB, a second and a half of work at full rate.</summary>
    public const long DefaultCapacityBytes = 64 << 20;

    /// <summary>The most deliveries of one lane in memory, so that a hot conversation does not fill the window.</summary>
    public const int MaxPerLane = 16;

    /// <summary>What every outbox may hold even when the window is full, so that each makes progress.</summary>
    private const long ReserveBytes = 64 << 10;

    private long _used;

    /// <summary>How many more bytes an outbox that holds <paramref name="held"/> may take.</summary>
    public long RoomFor(long held) => Math.Max(Math.Max(0, capacity - _used), ReserveBytes) - held;

    public void Take(int bytes) => _used += bytes;

    public void Release(int bytes) => _used -= bytes;
}
