namespace Sealpost.Health;

/// <summary>What happens to an app that is found slow.</summary>
public enum SlowPolicy
{
    Disable,
    Warn,
    Off,
}

/// <summary>When an app counts as slow (settings <c>Health:*</c>, protocol 3).</summary>
public sealed record HealthOptions
{
    /// <summary>A response later than this is slow; default 2.5 s (seed).</summary>
    public TimeSpan SlowThreshold { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>How long an endpoint must be slow without a break; default 2 minutes (seed).</summary>
    public TimeSpan SlowWindow { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Default <see cref="SlowPolicy.Disable"/>.</summary>
    public SlowPolicy SlowPolicy { get; init; } = SlowPolicy.Disable;
}
