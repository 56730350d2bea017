using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Deliveries.Live;

/// <summary>What the stream says of an attempt that ended; small, and without the bodies.</summary>
internal readonly record struct AttemptFacts
{
    public required Install Install { get; init; }

    public required DeliveryId Delivery { get; init; }

    /// <summary>The delivery that it repeats; null where it was published.</summary>
    public DeliveryId? ReplayOf { get; init; }

    public required string Conversation { get; init; }

    public required string EventType { get; init; }

    public required long Sequence { get; init; }

    public required int Attempt { get; init; }

    public required OutcomeKind Outcome { get; init; }

    public int? Status { get; init; }

    public string? Error { get; init; }

    public required Route Route { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>When the attempt ended.</summary>
    public required DateTimeOffset At { get; init; }

    public required Decision Decision { get; init; }

    public static AttemptFacts Of(in Completion completion) => new()
    {
        Install = completion.Attempt.Install,
        Delivery = completion.Attempt.Delivery,
        ReplayOf = completion.Attempt.ReplayOf,
        Conversation = completion.Conversation,
        EventType = completion.Attempt.Webhook.EventType,
        Sequence = completion.Attempt.Sequence,
        Attempt = completion.Attempt.Number,
        Outcome = completion.Outcome.Kind,
        Status = completion.Outcome.Status,
        Error = completion.Outcome.Error,
        Route = completion.Attempt.Route,
        Duration = completion.Outcome.Duration,
        At = completion.EndedAt,
        Decision = completion.Decision,
    };
}
