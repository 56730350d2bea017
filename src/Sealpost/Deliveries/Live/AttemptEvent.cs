using System.Text.Json;
using Sealpost.Hosting;
using Sealpost.Retry;

namespace Sealpost.Deliveries.Live;

/// <summary>An attempt that ended, and what state its delivery is in now. It holds no body.</summary>
internal sealed record AttemptEvent(AttemptFacts Facts) : LiveEvent
{
    public override string Name => "attempt";

    public DeliveryId Delivery => Facts.Delivery;

    public override Guid? About => Facts.Install.ClientId;

    public override string? OfConversation => Facts.Conversation;

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("at", Times.Text(Facts.At));
        json.WriteString("delivery", Delivery.ToString());
        if (Facts.ReplayOf is { } replayOf)
        {
            json.WriteString("replayOf", replayOf.ToString());
        }

        json.WriteString("client_id", Facts.Install.ClientId);
        json.WriteString("conversation", Facts.Conversation);
        json.WriteString("eventType", Facts.EventType);
        json.WriteNumber("sequence", Facts.Sequence);
        json.WriteNumber("attempt", Facts.Attempt);
        json.WriteString("outcome", Facts.Outcome.ToWire());
        if (Facts.Status is { } status)
        {
            json.WriteNumber("status", status);
        }

        if (Facts.Error is not null)
        {
            json.WriteString("error", Facts.Error);
        }

        json.WriteString("route", Facts.Route.ToWire());
        json.WriteNumber("durationMs", (long)Facts.Duration.TotalMilliseconds);
        WriteDecision(json, Facts.Decision);
        json.WriteEndObject();
    }

    private static void WriteDecision(Utf8JsonWriter json, Decision decision)
    {
        json.WriteString("decision", decision.Kind.ToWire());
        json.WriteString("state", StateAfter(decision.Kind).ToWire());
        if (decision.Kind is DecisionKind.RetryInLane or DecisionKind.RetryBesideLane)
        {
            json.WriteString("nextAttemptAt", Times.Text(decision.DueAt));
        }

        if (decision.Kind == DecisionKind.Dead)
        {
            json.WriteString("reason", decision.Reason.ToWire());
        }
    }

    private static PublicState StateAfter(DecisionKind decision) => decision switch
    {
        DecisionKind.Delivered => PublicState.Delivered,
        DecisionKind.Dead => PublicState.Dead,
        DecisionKind.RetryBesideLane or DecisionKind.RetryInLane or DecisionKind.NotMade => PublicState.Pending,
    };
}
