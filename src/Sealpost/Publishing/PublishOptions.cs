namespace Sealpost.Publishing;

/// <summary>What one publish request may hold (settings <c>Publish:*</c>).</summary>
public sealed record PublishOptions
{
    /// <summary>One event's bytes at most; default 1 MiB.</summary>
    public int MaxEventBytes { get; init; } = 1 << 20;

    /// <summary>One request's bytes at most; default 16 MiB.</summary>
    public int MaxRequestBytes { get; init; } = 16 << 20;

    /// <summary>Lines of one NDJSON request at most; default 10,000.</summary>
    public int MaxLines { get; init; } = 10_000;

    /// <summary>How long an idempotency key answers; default 24 h.</summary>
    public TimeSpan IdempotencyWindow { get; init; } = TimeSpan.FromDays(1);
}

/// <summary>What may be stored (settings <c>Limits:*</c>).</summary>
public sealed record LimitOptions
{
    /// <summary>Deliveries an account may have pending; beyond: 429 <c>backlog_full</c>. Default 5,000,000.</summary>
    public long StoredPerAccount { get; init; } = 5_000_000;

    /// <summary>Bytes an account may have pending; beyond: 429 <c>backlog_full</c>. Default 5 GiB.</summary>
    public long StoredBytesPerAccount { get; init; } = 5L << 30;

    /// <summary>Free bytes kept on the disk; below: 503 <c>disk_reserve</c> for every publisher. Default 1 GiB.</summary>
    public long DiskReserveBytes { get; init; } = 1L << 30;
}
