using Sealpost.Health;
using Sealpost.Installs;
using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Outboxes;

/// <summary>Something about an install that others want to know: operators, followers, subscribers.</summary>
/// <param name="Install">The install as it was then.</param>
/// <param name="At">When.</param>
internal abstract record Note(Install Install, DateTimeOffset At);

/// <summary>Its state changed.</summary>
internal sealed record StandingNote(Install Install, DateTimeOffset At, Standing Before, Standing After) : Note(Install, At)
{
    /// <summary>What came of the attempt that failed it; null where none did.</summary>
    public OutcomeKind? Because { get; init; }
}

/// <summary>One of its endpoints has been slow.</summary>
internal sealed record SlowNote(Install Install, DateTimeOffset At, string Endpoint, DateTimeOffset Since, SlowVerdict Verdict) : Note(Install, At);
