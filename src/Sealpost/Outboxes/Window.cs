namespace Sealpost.Outboxes;

/// <summary>
/// The memory that deliveries may take in all, shared by the outboxes. Each may hold as much as is still free, so one outbox
/// alone gets half, and a hundred that pile up leave every newcomer as much as they have each (dynamic thresholds for shared
/// buffers; Choudhury and Hahne 1998).
/// </summary>
/// <param name="capacity">Bytes in all.</param>
/// <param name="pageRows">Rows that one page of a backlog reads: small enough to hold the log back for a millisecond or two only.</param>
/// <param name="perLane">The most deliveries of one lane in memory, so that a hot conversation does not fill the window.</param>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class Window(long capacity = Window.DefaultCapacityBytes, int pageRows = 500, int perLane = 16)
{
    /// <summary>64 MiB: about 40,000 deliveries of 1 KB, a second and a half of work at full rate.</summary>
    public const long DefaultCapacityBytes = 64 << 20;

    /// <summary>What every outbox may hold even when the window is full, so that each makes progress: 64 KiB of the default.</summary>
    private readonly long _reserve = capacity / 1024;

    public int PageRows { get; } = pageRows;

    public int PerLane { get; } = perLane;

    /// <summary>Bytes that are held in all.</summary>
    public long Used { get; private set; }

    /// <summary>How many more bytes an outbox that holds <paramref name="held"/> may take.</summary>
    public long RoomFor(long held) => Math.Max(Math.Max(0, capacity - Used), _reserve) - held;

    public void Take(int bytes) => Used += bytes;

    public void Release(int bytes) => Used -= bytes;
}
