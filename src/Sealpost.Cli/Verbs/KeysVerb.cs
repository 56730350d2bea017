using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Sealpost.Cli.Client;
using Sealpost.Cli.Completion;
using Sealpost.Vault;

namespace Sealpost.Cli.Verbs;

/// <summary><c>keys</c>: an account's app keys with their privileges.</summary>
internal static class KeysVerb
{
    private const string Collection = "app-keys";

    public static Command Build(ClientVerbs client)
    {
        var name = new Argument<string>("consumer_key") { Description = "The app key's consumer key" };
        return ClientVerbs.Group(
            "keys",
            "List, create and delete an account's app keys (OAuth 1.0)",
            client.Verb("list", "List the account's app keys", ListAsync),
            Create(client),
            client.Verb("delete", "Delete an app key; it opens nothing from then on", (call, cancellation) => DeleteAsync(call, call.Parse.GetRequiredValue(name), cancellation), name));
    }

    private static Command Create(ClientVerbs client)
    {
        var name = new Option<string>("--name") { Description = "What the key is for", Required = true, HelpName = "NAME" };
        var privileges = new Option<string>("--privilege")
        {
            Description = "What it may do: any of MTLS_FORWARD,MTLS_READ_INTERNAL,MTLS_WRITE_INTERNAL",
            HelpName = "PRIVILEGE[,PRIVILEGE]",
            DefaultValueFactory = _ => "MTLS_FORWARD",
            CompletionSources = { CommaList.Completing("MTLS_FORWARD", "MTLS_READ_INTERNAL", "MTLS_WRITE_INTERNAL") },
        };
        var file = new Option<string?>("--key-out") { Description = "Write the key file here (mode 0600) and print no secret", HelpName = "FILE" };
        return client.Verb(
            "create",
            "Create an app key; the key file with its secrets is shown this once",
            (call, cancellation) => CreateAsync(
                call,
                call.Parse.GetRequiredValue(name),
                call.Parse.GetRequiredValue(privileges).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                call.Parse.GetValue(file),
                cancellation),
            name,
            privileges,
            file);
    }

    private static async Task ListAsync(ClientCall call, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(call.Api.InAccount(Collection), cancellation);
        call.Output.Show(answer, () => call.Output.Items(answer.Json().Items()));
    }

    private static async Task CreateAsync(ClientCall call, string name, string[] privileges, string? file, CancellationToken cancellation)
    {
        var body = new JsonObject { ["name"] = name, ["privileges"] = new JsonArray([.. privileges.Select(privilege => JsonValue.Create(privilege))]) };
        var answer = await call.Api.PostAsync(call.Api.InAccount(Collection), body, cancellation);
        if (file is null)
        {
            // The key file as it is, for people too: it is to be kept.
            call.Output.Line(Encoding.UTF8.GetString(answer.Body.Span));
            return;
        }

        var created = answer.Json();
        SecretFile.Write(file, new Secret(answer.Body.Span));
        var shown = new JsonObject { ["consumer_key"] = created.Text("consumer_key"), ["key_file"] = file };
        call.Output.Show(
            answer with { Body = Encoding.UTF8.GetBytes(shown.ToJsonString()) },
            () => call.Output.Fields([("consumer_key", created.Text("consumer_key")), ("key file", file)]));
    }

    private static async Task DeleteAsync(ClientCall call, string name, CancellationToken cancellation)
    {
        var answer = await call.Api.DeleteAsync(call.Api.InAccount($"{Collection}/{Uri.EscapeDataString(name)}"), revision: null, cancellation);
        call.Output.Show(answer.Or(new JsonObject { ["consumer_key"] = name, ["deleted"] = true }), () => call.Output.Line($"app key {name} deleted"));
    }
}
