using System.Text.Json;
using Sealpost.Accounts;
using Sealpost.Hosting;
using Sealpost.Mailrooms;
using Sealpost.Retry;

namespace Sealpost.Deliveries.Live;

/// <summary>One event of the live stream: an attempt that ended. It holds no body.</summary>
internal sealed record LiveEvent
{
    /// <summary>The event's name in the stream.</summary>
    public const string Name = "attempt";

    /// <summary>Counts up over the process's life, and from one process to the next.</summary>
    public required long Id { get; init; }

    public required AccountId Account { get; init; }

    public required Guid ClientId { get; init; }

    public required DeliveryId Delivery { get; init; }

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

    public static LiveEvent Of(long id, in Completion completion) => new()
    {
        Id = id,
        Account = completion.Attempt.Install.Account,
        ClientId = completion.Attempt.Install.ClientId,
        Delivery = completion.Attempt.Delivery,
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

    /// <summary>Writes what follows <c>data:</c>; members that have nothing to say are left out.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("at", Times.Text(At));
        json.WriteString("delivery", Delivery.ToString());
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
