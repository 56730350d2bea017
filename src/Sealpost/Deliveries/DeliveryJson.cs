using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sealpost.Deliveries.History;
using Sealpost.Hosting;

namespace Sealpost.Deliveries;

/// <summary>Deliveries as answers show them (contract.md, HTTP).</summary>
internal static class DeliveryJson
{
    public static IResult Page(DeliveryPage page) => new WrittenJson(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("items");
        foreach (var delivery in page.Items)
        {
            WriteItem(json, delivery);
        }

        json.WriteEndArray();
        json.WriteString("next", page.Next is { } last ? DeliveryCursor.Text(last) : null);
        json.WriteEndObject();
    });

    /// <summary>One delivery as lists show it.</summary>
    public static IResult Item(ListedDelivery delivery, int status) => new WrittenJson(json => WriteItem(json, delivery), status);

    /// <summary>One delivery: here <c>attempts</c> is the list of them, and <c>attemptCount</c> their number.</summary>
    public static IResult Whole(WholeDelivery whole, IReadOnlyList<LoggedAttempt> attempts, Waiting? waiting) => new WrittenJson(json =>
    {
        json.WriteStartObject();
        WriteMembers(json, whole.Delivery);
        json.WriteNumber("attemptCount", whole.Delivery.Attempts);
        WriteWaiting(json, waiting);
        json.WriteStartArray("attempts");
        foreach (var attempt in attempts)
        {
            WriteAttempt(json, attempt);
        }

        json.WriteEndArray();
        json.WriteString("body", Encoding.UTF8.GetString(whole.Body.Span));
        json.WriteEndObject();
    });

    private static void WriteItem(Utf8JsonWriter json, ListedDelivery delivery)
    {
        json.WriteStartObject();
        WriteMembers(json, delivery);
        json.WriteNumber("attempts", delivery.Attempts);
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, ListedDelivery delivery)
    {
        var isPending = delivery.PublicState == PublicState.Pending;
        json.WriteString("id", delivery.Id.ToString());
        json.WriteString("notification", delivery.Notification.ToString());
        json.WriteString("client_id", delivery.ClientId);
        json.WriteString("conversation", delivery.Conversation);
        json.WriteString("eventType", delivery.EventType);
        json.WriteNumber("sequence", delivery.Sequence);
        json.WriteString("state", delivery.PublicState.ToWire());
        json.WriteString("reason", delivery.Reason);
        json.WriteString("acceptedAt", Times.Text(delivery.AcceptedAt));
        WriteTime(json, "deliveredAt", delivery.State == DeliveryState.Delivered ? delivery.CompletedAt : null);
        WriteTime(json, "nextAttemptAt", isPending ? delivery.DueAt : null);
        WriteNumber(json, "lastStatus", delivery.LastStatus);
        json.WriteString("lastError", delivery.LastError);
        json.WriteString("replayOf", delivery.ReplayOf?.ToString());
    }

    private static void WriteWaiting(Utf8JsonWriter json, Waiting? waiting)
    {
        if (waiting is null)
        {
            json.WriteNull("waiting");
            return;
        }

        json.WriteStartObject("waiting");
        json.WriteString("code", waiting.Code);
        json.WriteString("sentence", waiting.Sentence);
        json.WriteEndObject();
    }

    private static void WriteAttempt(Utf8JsonWriter json, LoggedAttempt attempt)
    {
        json.WriteStartObject();
        json.WriteNumber("number", attempt.Number);
        WriteTime(json, "at", attempt.At);
        json.WriteNumber("durationMs", (long)attempt.Duration.TotalMilliseconds);
        json.WriteString("route", attempt.Route.ToWire());
        WriteNumber(json, "status", attempt.Status);
        json.WriteString("error", attempt.Error);

        // Whatever an endpoint answered: bytes that are no text become U+FFFD.
        json.WriteString("response", attempt.Response.IsEmpty ? null : Encoding.UTF8.GetString(attempt.Response.Span));
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time) =>
        json.WriteString(name, time is { } present ? Times.Text(present) : null);

    private static void WriteNumber(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } present)
        {
            json.WriteNumber(name, present);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private sealed class WrittenJson(Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => status;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "application/json";
            await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter);
            write(json);
            await json.FlushAsync(httpContext.RequestAborted);
        }
    }
}
