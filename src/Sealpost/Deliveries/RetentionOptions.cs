namespace Sealpost.Deliveries;

/// <summary>How long what is over stays for search and replay (settings <c>Retention:*</c>).</summary>
public sealed record RetentionOptions
{
    /// <summary>Delivered and dead deliveries, from the moment that they were delivered or died; default 3 days.</summary>
    public TimeSpan Deliveries { get; init; } = TimeSpan.FromDays(3);

    /// <summary>The log of their attempts; default 3 days.</summary>
    public TimeSpan Attempts { get; init; } = TimeSpan.FromDays(3);

    /// <summary>The audit of administrative acts; default 90 days.</summary>
    public TimeSpan Audit { get; init; } = TimeSpan.FromDays(90);
}
