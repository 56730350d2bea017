namespace Sealpost.Deliveries.Replay;

/// <summary>Which deliveries of a range are replayed: none that is pending.</summary>
internal enum ReplayFilter
{
    All = 0,
    Delivered = 2,
    Dead = 3,
}

/// <summary>How a replay of a range stands. Only a running one is worked on.</summary>
internal enum ReplayState
{
    Running = 0,
    Done = 1,
    Cancelled = 2,
    Failed = 3,
}

/// <summary>The range of an install's deliveries that is to be replayed.</summary>
/// <param name="Install">The install's number.</param>
/// <param name="Conversation">Null: of all conversations.</param>
/// <param name="Since">Accepted at this time or later.</param>
/// <param name="Until">Accepted before this time.</param>
/// <param name="Of">Which of them.</param>
internal sealed record ReplayRange(int Install, string? Conversation, DateTimeOffset Since, DateTimeOffset Until, ReplayFilter Of);

/// <summary>A replay of a range, as it is stored. What it takes is what was over when it was made.</summary>
internal sealed record ReplayJob
{
    public required ReplayId Id { get; init; }

    public required string ClientId { get; init; }

    public required ReplayRange Range { get; init; }

    /// <summary>The last delivery when it was made: later ones are none of its.</summary>
    public required long ThroughId { get; init; }

    /// <summary>The last delivery that is through.</summary>
    public required long LastId { get; init; }

    /// <summary>Deliveries that it takes; null while they are being counted.</summary>
    public required long? Total { get; init; }

    /// <summary>Deliveries that were accepted once more.</summary>
    public required long Done { get; init; }

    /// <summary>Deliveries that could not be: removed meanwhile, or without a webhook now.</summary>
    public required long Skipped { get; init; }

    public required ReplayState State { get; init; }

    /// <summary>Why it failed; null otherwise.</summary>
    public string? Error { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>Deliveries of a job that were found behind its last.</summary>
/// <param name="Found">Oldest first.</param>
/// <param name="LookedThrough">All up to this one have been looked at.</param>
/// <param name="IsEnd">There are no more.</param>
internal sealed record ReplayPage(IReadOnlyList<DeliveryId> Found, long LookedThrough, bool IsEnd);
