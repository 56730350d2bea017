using System.CommandLine;
using System.Text.Json;
using Sealpost.Cli.Client;
using Sealpost.Cli.Verbs.Replays;

namespace Sealpost.Cli.Verbs;

/// <summary><c>deliveries</c>: what happened to the notifications owed to the installs.</summary>
internal static class DeliveriesVerb
{
    public static Command Build(ClientVerbs client)
    {
        var id = new Argument<string>("id") { Description = "The delivery's id" };
        return ClientVerbs.Group(
            "deliveries",
            "Search deliveries and see why one has not arrived",
            List(client),
            client.Verb(
                "show",
                "Show one delivery: its body, every attempt, and what it waits for",
                (call, cancellation) => ShowAsync(call, call.Parse.GetRequiredValue(id), cancellation),
                id),
            client.Verb(
                "drop",
                "Give a pending delivery up: it becomes a dead letter, and what waits behind it goes on",
                (call, cancellation) => DropAsync(call, call.Parse.GetRequiredValue(id), cancellation),
                id),
            ReplayVerb.Build(client),
            Erase(client));
    }

    private static Command Erase(ClientVerbs client)
    {
        var conversation = new Option<string>("--conversation") { Description = "The conversation to erase", HelpName = "ID", Required = true };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        return client.Verb(
            "erase",
            "Erase a conversation for good: what is pending is dropped, then bodies, deliveries and attempts are removed",
            (call, cancellation) => EraseAsync(call, call.Parse.GetRequiredValue(conversation), call.Parse.GetValue(yes), cancellation),
            conversation,
            yes);
    }

    private static async Task EraseAsync(ClientCall call, string conversation, bool isSure, CancellationToken cancellation)
    {
        if (!isSure)
        {
            Confirm(call, conversation);
        }

        var answer = await call.Api.DeleteAsync(call.Api.InAccount($"conversations/{Uri.EscapeDataString(conversation)}"), revision: null, cancellation);
        call.Output.Show(answer, () => call.Output.Fields(answer.Json().Scalars()));
    }

    private static void Confirm(ClientCall call, string conversation)
    {
        var ask = call.Terminal.Ask ?? throw new UsageException("erase: nobody can be asked here; give --yes to erase without a question.");
        var answer = ask($"Erase conversation {Printable.Line(conversation)} of account {call.Api.Connection.Account} on {call.Api.Server} for good? Type yes: ");
        if (!answer.Trim().Equals("yes", StringComparison.OrdinalIgnoreCase))
        {
            throw new VerbFailedException("nothing was erased.");
        }
    }

    private static async Task DropAsync(ClientCall call, string id, CancellationToken cancellation)
    {
        var answer = await call.Api.PostAsync(call.Api.InAccount($"deliveries/{Uri.EscapeDataString(id)}/drop"), body: null, cancellation);
        call.Output.Show(answer, () =>
        {
            var after = answer.Json();
            call.Output.Note(after.Text("state") == "dead" ? $"{id} is dropped." : $"{id} is in flight: it is dropped unless this attempt succeeds.");
        });
    }

    private static Command List(ClientVerbs client)
    {
        var filters = new DeliveryFilters();
        return client.Verb(
            "list",
            "List deliveries, newest first",
            (call, cancellation) => ListAsync(call, filters.Query(call.Parse, call.Terminal.Clock.GetUtcNow()), cancellation),
            [.. filters.All]);
    }

    private static async Task ListAsync(ClientCall call, string query, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(call.Api.InAccount($"deliveries{query}"), cancellation);
        call.Output.Show(answer, () =>
        {
            var page = answer.Json();
            call.Output.Table(
                ["id", "state", "seq", "conversation", "event type", "accepted", "attempts", "last", "reason"],
                page.Member("items").Items().Select(Row));
            if (page.Text("next") is { Length: > 0 } next)
            {
                call.Output.Note($"more: --cursor {next}");
            }
        });
    }

    private static string[] Row(JsonElement item) =>
    [
        item.Text("id"),
        item.Text("state"),
        item.Text("sequence"),
        item.Text("conversation"),
        item.Text("eventType"),
        item.Text("acceptedAt"),
        item.Text("attempts"),
        Last(item),
        item.Text("reason"),
    ];

    private static string Last(JsonElement item) =>
        item.Text("lastStatus") is { Length: > 0 } status ? status : item.Text("lastError");

    private static async Task ShowAsync(ClientCall call, string id, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(call.Api.InAccount($"deliveries/{Uri.EscapeDataString(id)}"), cancellation);
        call.Output.Show(answer, () => DeliveryPage.Write(answer.Json(), call.Output));
    }
}
