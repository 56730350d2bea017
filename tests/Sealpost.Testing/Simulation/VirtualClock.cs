namespace Sealpost.Testing.Simulation;

/// <summary>The time of a simulated run: it stands still until the run moves it, so that days pass in milliseconds.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; private set; } = Start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Since the start of the run: how traces write a time.</summary>
    public TimeSpan Elapsed => Now - Start;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.UtcTicks;

    /// <summary>Moves on; a moment that has passed already changes nothing.</summary>
    public void MoveTo(DateTimeOffset moment) => Now = moment > Now ? moment : Now;
}
