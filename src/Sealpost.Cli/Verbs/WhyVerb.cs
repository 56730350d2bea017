using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs;

/// <summary>
/// <c>why</c>: why an event has not arrived, in a sentence for each app install that it is owed to. Named by the id that the publisher was
/// given, by a delivery's, or by its conversation; of a conversation, what stands first in each install's way and what died.
/// </summary>
internal static class WhyVerb
{
    /// <summary>Sentences at most; an event has one for each install.</summary>
    private const int MostShown = 50;

    private const string ConversationName = "--conversation";

    public static Command Build(ClientVerbs client)
    {
        var id = new Argument<string?>("id") { Description = "The event's id (ntf_…, from publishing) or a delivery's (dlv_…)", Arity = ArgumentArity.ZeroOrOne };
        var conversation = new Option<string?>(ConversationName) { Description = "Instead of an id: the conversation", HelpName = "ID" };
        var verb = client.Verb(
            "why",
            "Say why an event has not arrived",
            (call, cancellation) => TellAsync(call, call.Parse.GetValue(id), call.Parse.GetValue(conversation), cancellation),
            id,
            conversation);
        verb.Validators.Add(result =>
        {
            if (result.GetValue(id) is null == result.GetValue(conversation) is null)
            {
                result.AddError($"Name the event: an id (ntf_… or dlv_…), or {ConversationName} ID.");
            }
        });
        return verb;
    }

    private static async Task TellAsync(ClientCall call, string? id, string? conversation, CancellationToken cancellation)
    {
        var ids = id is not null && !id.StartsWith("ntf_", StringComparison.Ordinal) ? [id]
            : id is not null ? await IdsAsync(call, $"notification={Uri.EscapeDataString(id)}", cancellation)
            : await IdsOfAsync(call, conversation!, cancellation);
        if (ids.Count == 0)
        {
            throw new VerbFailedException(await NothingAsync(call, cancellation));
        }

        List<JsonElement> deliveries = [];
        foreach (var delivery in ids.Take(MostShown))
        {
            deliveries.Add((await call.Api.GetAsync(call.Api.InAccount($"deliveries/{Uri.EscapeDataString(delivery)}"), cancellation)).Json());
        }

        Show(call, deliveries);
        if (ids.Count > MostShown)
        {
            call.Output.Note($"The first {MostShown}; see `sealpost deliveries list` for all.");
        }
    }

    private static void Show(ClientCall call, List<JsonElement> deliveries)
    {
        if (call.Output.Json)
        {
            call.Terminal.Out.WriteLine(JsonSerializer.Serialize(deliveries.Select(delivery => new
            {
                id = delivery.Text("id"),
                client_id = delivery.Text("client_id"),
                state = delivery.Text("state"),
                code = Code(delivery),
                sentence = Sentence(delivery),
            })));
            return;
        }

        foreach (var delivery in deliveries)
        {
            call.Output.Line($"{delivery.Text("id")} to app {delivery.Text("client_id")}, {delivery.Text("eventType")}: {delivery.Text("state")} ({Code(delivery)})");
            call.Output.Line($"  {Sentence(delivery)}");
        }
    }

    private static string Code(JsonElement delivery) => delivery.Text("state") switch
    {
        "pending" => delivery.Member("waiting").Text("code"),
        "dead" => delivery.Text("reason"),
        var state => state,
    };

    private static string Sentence(JsonElement delivery) => delivery.Text("state") switch
    {
        "pending" => delivery.Member("waiting").Text("sentence") + Last(delivery),
        "dead" => OfDead(delivery.Text("reason")) + Last(delivery) + $" Replay it with `sealpost deliveries replay {delivery.Text("id")}`.",
        _ => $"Its endpoint took it at {delivery.Text("deliveredAt")} with status {delivery.Text("lastStatus")}, attempt {delivery.Text("attemptCount")}.",
    };

    private static string Last(JsonElement delivery)
    {
        var last = delivery.Text("lastError") is { Length: > 0 } error ? error : delivery.Text("lastStatus") is { Length: > 0 } status ? "status " + status : "";
        return last.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {delivery.Text("attemptCount")} attempt(s) were made; the last: {last}.");
    }

    // Protocol 4.
    private static string OfDead(string reason) => reason switch
    {
        "retries_exhausted" => "Every attempt that its webhook allows failed.",
        "not_retried" => "Its attempt failed, and its webhook has no retries.",
        "expired" => "It was not delivered within its app's retention time.",
        "app_disabled" => "Its app was disabled for longer than its retention time.",
        "app_removed" => "Its app, or the app's webhook for this event type, was removed before it was delivered.",
        "dropped_by_operator" => "Somebody dropped it.",
        _ => $"It is a dead letter ({reason}).",
    };

    // Of a conversation: what died, and the first that waits for each install; the rest waits behind that.
    private static async Task<List<string>> IdsOfAsync(ClientCall call, string conversation, CancellationToken cancellation)
    {
        var query = $"conversation={Uri.EscapeDataString(conversation)}&limit=500";
        var pending = (await ItemsAsync(call, query + "&state=pending", cancellation))
            .GroupBy(item => item.Text("client_id"), StringComparer.Ordinal)
            .Select(install => install.MinBy(item => item.Member("sequence").GetInt64()).Text("id"));
        var dead = (await ItemsAsync(call, query + "&state=dead", cancellation)).Select(item => item.Text("id"));
        List<string> found = [.. pending, .. dead];
        return found.Count > 0 ? found : await IdsAsync(call, query, cancellation);
    }

    private static async Task<List<string>> IdsAsync(ClientCall call, string query, CancellationToken cancellation) =>
        [.. (await ItemsAsync(call, query, cancellation)).Select(item => item.Text("id"))];

    private static async Task<IReadOnlyList<JsonElement>> ItemsAsync(ClientCall call, string query, CancellationToken cancellation) =>
        (await call.Api.GetAsync(call.Api.InAccount($"deliveries?{query}"), cancellation)).Json().Member("items").Items();

    private static async Task<string> NothingAsync(ClientCall call, CancellationToken cancellation)
    {
        var apps = (await call.Api.GetAsync(call.Api.InAccount("configuration/app-install/installations?v=1.0"), cancellation)).Json().Items();
        var said = new StringBuilder("Nothing is owed for it: no app was subscribed to its event type when it was accepted, or it was removed since. ");
        said.Append(apps.Count == 0 ? "The account has no app." : "The apps, and what they are subscribed to: ");
        said.AppendJoin("; ", apps.Select(app =>
            $"{app.Text("client_name")}{(app.Text("enabled") == "no" ? " (disabled)" : "")}: {string.Join(", ", EventTypes(app))}"));
        return said.ToString();
    }

    private static IEnumerable<string> EventTypes(JsonElement app) =>
        app.Member("capabilities").Member("webhooks") is { ValueKind: JsonValueKind.Object } webhooks
            ? webhooks.EnumerateObject().Where(webhook => webhook.Value.Text("endpoint").Length > 0).Select(webhook => webhook.Name)
            : [];
}
