namespace Sealpost.Health;

/// <summary>
/// When an app is slow (protocol 3): no response within the threshold for the whole window, and at least
/// <see cref="LeastSeen"/> of them. Pure.
/// </summary>
public static class SlowRules
{
    /// <summary>Two slow responses far apart say nothing about the time between them.</summary>
    public const int LeastSeen = 3;

    /// <param name="run">How the endpoint has been answering.</param>
    /// <param name="responseTime">How long its status line and headers took; null: no response came, which says nothing.</param>
    /// <param name="start">When the attempt began.</param>
    /// <param name="end">When it ended.</param>
    /// <param name="options">Threshold, window and policy.</param>
    public static (SlowRun Run, SlowVerdict Verdict) Observe(
        SlowRun run, TimeSpan? responseTime, DateTimeOffset start, DateTimeOffset end, HealthOptions options)
    {
        if (responseTime is not { } took || options.SlowPolicy == SlowPolicy.Off)
        {
            return (run, SlowVerdict.Nothing);
        }

        if (took <= options.SlowThreshold)
        {
            return (default, SlowVerdict.Nothing);
        }

        var since = run.Since ?? start;
        var next = run with { Since = since, Seen = run.Seen + 1 };
        var lasted = end - since;
        if (next.Seen >= LeastSeen && lasted >= options.SlowWindow)
        {
            return options.SlowPolicy == SlowPolicy.Disable ? (default, SlowVerdict.Disable) : Warned(next);
        }

        return next.Seen >= LeastSeen && lasted >= options.SlowWindow / 2 ? Warned(next) : (next, SlowVerdict.Nothing);
    }

    // Once a run: an app that stays slow for days is one piece of news.
    private static (SlowRun Run, SlowVerdict Verdict) Warned(SlowRun run) =>
        run.IsWarned ? (run, SlowVerdict.Nothing) : (run with { IsWarned = true }, SlowVerdict.Warn);
}
