namespace Sealpost.Testing.Journal;

/// <summary>What the publisher knows of a request.</summary>
public enum PublishOutcome
{
    /// <summary>202: its events are owed.</summary>
    Ok,

    /// <summary>Every try was answered with a refusal: its events must never come.</summary>
    Failed,

    /// <summary>No answer to at least one try, and no 202: all of its events may come, or none.</summary>
    Unknown,
}

/// <summary>One publish request with all its tries, which share one idempotency key. Immutable.</summary>
public sealed record PublishRequest
{
    /// <summary>Its place in the journal, from 1.</summary>
    public required long Number { get; init; }

    public required string? IdempotencyKey { get; init; }

    /// <summary>Its events, in the order of its lines.</summary>
    public required IReadOnlyList<PublishedEvent> Events { get; init; }

    /// <summary>When the first try was about to be sent: acceptance comes later than this.</summary>
    public required TimeSpan StartedAt { get; init; }

    /// <summary>When the first 202 was read: acceptance came earlier than this. Null without a 202.</summary>
    public TimeSpan? AcceptedBy { get; init; }

    /// <summary>The notification ids of the first 202.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>A later 202 of the same key gave other ids than the first.</summary>
    public bool AnswersDiffer { get; init; }

    /// <summary>Tries that were begun and have no conclusion yet.</summary>
    public int OpenTries { get; init; }

    /// <summary>A try that ended without an answer.</summary>
    public bool Unanswered { get; init; }

    public PublishOutcome Outcome =>
        AcceptedBy is not null ? PublishOutcome.Ok
        : Unanswered || OpenTries > 0 ? PublishOutcome.Unknown
        : PublishOutcome.Failed;
}
