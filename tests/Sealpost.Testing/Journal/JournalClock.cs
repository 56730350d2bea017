namespace Sealpost.Testing.Journal;

/// <summary>The one clock of a run: both journals and the kills are timed on it, so their order can be compared. Thread safe.</summary>
public sealed class JournalClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Monotonic time since the run began.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);
}
