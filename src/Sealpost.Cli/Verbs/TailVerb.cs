using System.CommandLine;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs;

/// <summary><c>tail</c>: the account's events as they happen, until the person stops it.</summary>
internal static class TailVerb
{
    private const string Gap = "gap";
    private const string End = "end";

    public static Command Build(ClientVerbs client)
    {
        var clientId = new Option<string?>("--client-id") { Description = "Of this app install alone", HelpName = "ID" };
        var conversation = new Option<string?>("--conversation") { Description = "Attempts of this conversation alone", HelpName = "ID" };
        return client.Verb(
            "tail",
            "Follow the account's attempts, state changes and operational events",
            (call, cancellation) => FollowAsync(call, Query(("client_id", call.Parse.GetValue(clientId)), ("conversation", call.Parse.GetValue(conversation))), cancellation),
            clientId,
            conversation);
    }

    private static string Query(params (string Name, string? Value)[] parameters)
    {
        var given = parameters.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }

    private static async Task FollowAsync(ClientCall call, string query, CancellationToken cancellation)
    {
        var stream = new EventStream(call.Api, call.Terminal.Clock, call.Output.Note, query);
        try
        {
            await foreach (var item in stream.ReadAsync(cancellation))
            {
                Show(call, item);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopping is how a tail ends well.
        }
    }

    private static void Show(ClientCall call, SseItem<string> item)
    {
        var data = Parse(item.Data);
        if (item.EventType == Gap)
        {
            // Whoever reads the events of a script sees too that some are missing.
            call.Terminal.Error.WriteLine(Printable.Line($"sealpost: events are missing here ({Text(data, "reason")}): {Reason(Text(data, "reason"))}"));
        }
        else if (item.EventType == End)
        {
            call.Output.Note($"the stream ended ({Text(data, "code")}): {Text(data, "detail")}");
        }

        if (call.Output.Json)
        {
            call.Terminal.Out.WriteLine(Printable.Line(Line(item, data)));
        }
        else if (item.EventType is not (Gap or End))
        {
            call.Terminal.Out.WriteLine(Sentence(item));
        }
    }

    private static string Reason(string reason) => reason switch
    {
        "too_old" => "more happened than the service keeps.",
        "restarted" => "the service was restarted.",
        _ => "the service does not have them any more.",
    };

    // The event's own members after its name and id: one object a line.
    private static string Line(SseItem<string> item, JsonNode? data)
    {
        var line = new JsonObject { ["event"] = item.EventType };
        if (item.EventId is { Length: > 0 } id)
        {
            line["id"] = id;
        }

        if (data is not JsonObject members)
        {
            line["data"] = item.Data;
            return line.ToJsonString();
        }

        foreach (var (name, value) in members)
        {
            line[name] = value?.DeepClone();
        }

        return line.ToJsonString();
    }

    private static string Sentence(SseItem<string> item)
    {
        try
        {
            var members = JsonElement.Parse(item.Data).Scalars().Where(member => member.Value.Length > 0).ToList();
            var at = members.Find(member => member.Name == "at").Value ?? "";
            var rest = members.Where(member => member.Name != "at").Select(member => $"{member.Name}={member.Value}");
            return Printable.Line($"{at,-24} {item.EventType,-12} {string.Join(' ', rest)}");
        }
        catch (JsonException)
        {
            return Printable.Line($"{item.EventType,-12} {item.Data}");
        }
    }

    private static JsonNode? Parse(string data)
    {
        try
        {
            return JsonNode.Parse(data);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(JsonNode? data, string member) =>
        data is JsonObject members && members[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
