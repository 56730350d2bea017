using System.Text.Json;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs;

/// <summary>One delivery for people: its values, what it waits for, its attempts, its body.</summary>
internal static class DeliveryPage
{
    private static readonly string[] ShownApart = ["waiting", "body", "attempts"];

    public static void Write(JsonElement delivery, Output output)
    {
        output.Fields(delivery.Scalars().Where(field => !ShownApart.Contains(field.Name)));
        if (Waiting(delivery.Member("waiting")) is { Length: > 0 } waiting)
        {
            output.Fields([("waiting", waiting)]);
        }

        var attempts = delivery.Member("attempts").Items();
        if (attempts.Count > 0)
        {
            output.Table(["at", "ms", "route", "result", "response"], attempts.Select(Attempt));
        }

        if (delivery.Text("body") is { Length: > 0 } body)
        {
            output.Line(body);
        }
    }

    private static string Waiting(JsonElement waiting) => waiting.ValueKind == JsonValueKind.Object
        ? string.Join(" — ", waiting.EnumerateObject().Select(member => member.Value.Text()).Where(text => text.Length > 0))
        : waiting.Text();

    private static string[] Attempt(JsonElement attempt) =>
    [
        attempt.Text("at"),
        attempt.Text("durationMs"),
        attempt.Text("route"),
        attempt.Text("status") is { Length: > 0 } status ? status : attempt.Text("error"),
        attempt.Text("response"),
    ];
}
