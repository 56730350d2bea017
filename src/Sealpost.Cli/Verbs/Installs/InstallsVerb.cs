using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs.Installs;

/// <summary><c>installs</c>: the apps that an account's events go to.</summary>
internal static class InstallsVerb
{
    public static Command Build(ClientVerbs client) => ClientVerbs.Group(
        "installs",
        "List, create and change app installs",
        client.Verb("list", "List the account's app installs", ListAsync),
        CreateVerb.Build(client),
        ShowVerb.Build(client),
        EditVerb.Build(client),
        Switch(client, "enable", "Enable an install: what is stored goes out"),
        Switch(client, "disable", "Disable an install: events are stored, none is sent"),
        RotateVerb.Build(client),
        TestVerb(client),
        DeleteVerb(client));

    /// <summary>The argument that names an install.</summary>
    public static Argument<string> ClientId() => new("client_id") { Description = "The install's client_id" };

    /// <summary>The path segment of an install.</summary>
    public static string Segment(string clientId) => "/" + Uri.EscapeDataString(clientId);

    private static async Task ListAsync(ClientCall call, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(call.Api.Installs(), cancellation);
        call.Output.Show(answer, () => call.Output.Table(
            ["client_id", "name", "enabled", "retry", "event types"],
            answer.Json().Items().Select(Row)));
    }

    private static string[] Row(JsonElement install)
    {
        var webhooks = install.Member("capabilities").Member("webhooks");
        var retention = webhooks.Member("retry").Text("retention_time");
        var eventTypes = webhooks.ValueKind == JsonValueKind.Object
            ? webhooks.EnumerateObject().Where(webhook => webhook.Value.Member("endpoint").ValueKind == JsonValueKind.String).Select(webhook => webhook.Name)
            : [];
        return
        [
            install.Text("client_id"),
            install.Text("client_name"),
            install.Text("enabled"),
            retention.Length > 0 ? $"for {retention} s" : "by numbers",
            string.Join(", ", eventTypes),
        ];
    }

    private static Command Switch(ClientVerbs client, string verb, string description)
    {
        var id = ClientId();
        return client.Verb(
            verb,
            description,
            async (call, cancellation) =>
            {
                var clientId = call.Parse.GetRequiredValue(id);
                var answer = await call.Api.PostAsync(call.Api.Installs($"{Segment(clientId)}/{verb}"), body: null, cancellation);
                call.Output.Show(
                    answer.Or(new JsonObject { ["client_id"] = clientId, ["enabled"] = verb == "enable" }), () => call.Output.Line($"install {clientId} {verb}d"));
            },
            id);
    }

    private static Command TestVerb(ClientVerbs client)
    {
        var id = ClientId();
        return client.Verb(
            "test",
            "Send the install a sealpost.Test event, the very way of all others",
            async (call, cancellation) =>
            {
                var answer = await call.Api.PostAsync(call.Api.Installs($"{Segment(call.Parse.GetRequiredValue(id))}/test"), body: null, cancellation);
                call.Output.Show(answer, () => call.Output.Fields(answer.Json().Scalars()));
            },
            id);
    }

    private static Command DeleteVerb(ClientVerbs client)
    {
        var id = ClientId();
        return client.Verb(
            "delete",
            "Delete an install; what is stored for it becomes dead letters",
            async (call, cancellation) =>
            {
                var clientId = call.Parse.GetRequiredValue(id);
                var path = call.Api.Installs(Segment(clientId));
                var present = await call.Api.GetAsync(path, cancellation);
                var answer = await call.Api.DeleteAsync(path, present.Revision, cancellation);
                call.Output.Show(
                    answer.Or(new JsonObject { ["client_id"] = clientId, ["deleted"] = true }), () => call.Output.Line($"install {clientId} deleted"));
            },
            id);
    }
}
