namespace Sealpost.Testing.Simulation;

/// <summary>The time of a simulated run: it stands still until the run moves it, so that days pass in milliseconds.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What the clock on the wall says.</summary>
    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>By how much the clock on the wall has been set back, in all.</summary>
    public TimeSpan SetBackBy { get; private set; }

    /// <summary>The latest that it has ever said: what was due by then may have been seen to, or not yet.</summary>
    public DateTimeOffset Latest { get; private set; } = Start;

    /// <summary>The time that never goes back.</summary>
    public DateTimeOffset Steady => Now + SetBackBy;

    /// <summary>Told before the present moment is over.</summary>
    public Action Passing { get; set; } = static () => { };

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Since the start of the run: how traces write a time.</summary>
    public TimeSpan Elapsed => Now - Start;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Steady.UtcTicks;

    /// <summary>Moves on; a moment that has passed already changes nothing.</summary>
    public void MoveTo(DateTimeOffset moment)
    {
        if (moment > Now)
        {
            Passing();
        }

        Now = moment > Now ? moment : Now;
        Latest = Now > Latest ? Now : Latest;
    }

    /// <summary>Somebody corrects the clock on the wall.</summary>
    public void SetBack(TimeSpan by)
    {
        Passing();
        (Now, SetBackBy) = (Now - by, SetBackBy + by);
    }
}
