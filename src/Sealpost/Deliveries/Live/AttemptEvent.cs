using System.Text.Json;
using Sealpost.Hosting;
using Sealpost.Mailrooms;
using Sealpost.Retry;

namespace Sealpost.Deliveries.Live;

/// <summary>An attempt that ended. It holds no body.</summary>
internal sealed record AttemptEvent : LiveEvent
{
    public required Guid ClientId { get; init; }

    public required DeliveryId Delivery { get; init; }

    /// <summary>The delivery that it repeats; null where it was published.</summary>
    public DeliveryId? ReplayOf { get; init; }

    public required string Conversation { get; init; }

    public required string EventType { get; init; }

    public required long Sequence { get; init; }

    public required int Attempt { get; init; }

    public required string Outcome { get; init; }

    public int? Status { get; init; }

    public string? Error { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>When the attempt ended.</summary>
    public required DateTimeOffset At { get; init; }

    public required Decision Decision { get; init; }

    public override string Name => "attempt";

    public static AttemptEvent Of(in Completion completion) => new()
    {
        Account = completion.Attempt.Install.Account,
        ClientId = completion.Attempt.Install.ClientId,
        Delivery = completion.Attempt.Delivery,
        ReplayOf = completion.Attempt.ReplayOf,
        Conversation = completion.Conversation,
        EventType = completion.Attempt.Webhook.EventType,
        Sequence = completion.Attempt.Sequence,
        Attempt = completion.Attempt.Number,
        Outcome = completion.Outcome.Kind.ToWire(),
        Status = completion.Outcome.Status,
        Error = completion.Outcome.Error,
        Duration = completion.Outcome.Duration,
        At = completion.EndedAt,
        Decision = completion.Decision,
    };

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("at", Times.Text(At));
        json.WriteString("delivery", Delivery.ToString());
        if (ReplayOf is { } replayOf)
        {
            json.WriteString("replayOf", replayOf.ToString());
        }

        json.WriteString("client_id", ClientId);
        json.WriteString("conversation", Conversation);
        json.WriteString("eventType", EventType);
        json.WriteNumber("sequence", Sequence);
        json.WriteNumber("attempt", Attempt);
        json.WriteString("outcome", Outcome);
        if (Status is { } status)
        {
            json.WriteNumber("status", status);
        }

        if (Error is not null)
        {
            json.WriteString("error", Error);
        }

        json.WriteNumber("durationMs", (long)Duration.TotalMilliseconds);
        json.WriteString("decision", Decision.Kind.ToWire());
        if (Decision.Kind is DecisionKind.RetryInLane or DecisionKind.RetryBesideLane)
        {
            json.WriteString("nextAttemptAt", Times.Text(Decision.DueAt));
        }

        if (Decision.Kind == DecisionKind.Dead)
        {
            json.WriteString("reason", Decision.Reason.ToWire());
        }

        json.WriteEndObject();
    }
}
