using System.IO.MemoryMappedFiles;

namespace Sealpost.Benchmarks.Measuring;

/// <summary>What the processes of a benchmark count.</summary>
internal enum Counter
{
    /// <summary>Requests that reached the receiver with a valid signature.</summary>
    Arrived,

    /// <summary>Requests that reached it with a wrong one.</summary>
    BadSignatures,

    /// <summary>Events that the service accepted.</summary>
    Accepted,

    /// <summary>Publish requests that it refused.</summary>
    Refused,

    /// <summary>Posts that the bare sender saw answered with 200.</summary>
    Posted,

    /// <summary>Posts of the bare sender that failed.</summary>
    PostsFailed,

    /// <summary>Events that a publisher which waits for them may send in all.</summary>
    Allowed,

    /// <summary>The same for another publisher.</summary>
    AllowedBeside,
}

/// <summary>When an event passed, in <see cref="System.Diagnostics.Stopwatch"/> ticks, which are the same in all processes of a machine.</summary>
internal enum Passage
{
    Sent,
    Accepted,
    Arrived,
}

/// <summary>
/// Memory that the publisher, the receiver, the bare sender and the benchmark map at once, so that counting and timing cost
/// the measured cores next to nothing. Thread and process safe.
/// </summary>
internal sealed unsafe class Board : IDisposable
{
    private const int CounterStride = 8; // a cache line apart
    private const long CounterCount = (int)Counter.AllowedBeside + 1;
    private const long PassageCount = (int)Passage.Arrived + 1;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long* _memory;
    private readonly long _timedEvents;

    private Board(string path, long timedEvents)
    {
        var length = ((CounterCount * CounterStride) + (timedEvents * PassageCount)) * sizeof(long);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, length);
        _view = _file.CreateViewAccessor();
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _memory = (long*)start;
        _timedEvents = timedEvents;
    }

    /// <param name="path">The file behind it.</param>
    /// <param name="timedEvents">Events with numbers below this are timed; the same in all processes.</param>
    public static Board Open(string path, long timedEvents) => new(path, timedEvents);

    public long Read(Counter counter) => Volatile.Read(ref At(counter));

    public void Add(Counter counter, long count) => Interlocked.Add(ref At(counter), count);

    /// <summary>Notes the time of an event's first passage.</summary>
    public void Pass(Passage passage, long number, long timestamp)
    {
        if ((ulong)number < (ulong)_timedEvents)
        {
            Interlocked.CompareExchange(ref At(passage, number), timestamp, 0);
        }
    }

    /// <summary>0: not passed.</summary>
    public long Read(Passage passage, long number) => Volatile.Read(ref At(passage, number));

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private ref long At(Counter counter) => ref _memory[(int)counter * CounterStride];

    private ref long At(Passage passage, long number) =>
        ref _memory[(CounterCount * CounterStride) + ((long)passage * _timedEvents) + number];
}
