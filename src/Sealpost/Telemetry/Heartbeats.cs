using System.Collections.Concurrent;

namespace Sealpost.Telemetry;

/// <summary>The signs of life of the background loops, for health: a loop whose heart has not beaten for 5 s counts as stuck. Thread safe.</summary>
internal sealed class Heartbeats(TimeProvider time)
{
    private readonly ConcurrentQueue<Heartbeat> _all = new();

    /// <summary>A loop's heartbeat, fresh from now on. Each loop takes its own at its start.</summary>
    public Heartbeat Start(string loop)
    {
        var heartbeat = new Heartbeat(loop, time);
        _all.Enqueue(heartbeat);
        return heartbeat;
    }

    /// <summary>The names of the loops that are stuck, in the order they started.</summary>
    public IReadOnlyList<string> Stale() => [.. _all.Where(heartbeat => heartbeat.IsStale).Select(heartbeat => heartbeat.Loop)];
}

/// <summary>One loop's sign of life. The loop beats at each turn, and at least every second or two while it waits.</summary>
internal sealed class Heartbeat
{
    /// <summary>Longer than any commit or pause that is still well; shorter than an operator's patience.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private long _last;

    internal Heartbeat(string loop, TimeProvider time)
    {
        Loop = loop;
        _time = time;
        Beat();
    }

    public string Loop { get; }

    public bool IsStale => _time.GetElapsedTime(Volatile.Read(ref _last)) > Freshness;

    /// <summary>Cheap enough for every turn of a hot loop.</summary>
    public void Beat() => Volatile.Write(ref _last, _time.GetTimestamp());
}
