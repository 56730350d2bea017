using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Sealpost.Cli.Client;
using Sealpost.Cli.Completion;
using Sealpost.Vault;

namespace Sealpost.Cli.Verbs;

/// <summary><c>tokens</c>: an account's tokens with their scopes.</summary>
internal static class TokensVerb
{
    public static Command Build(ClientVerbs client)
    {
        var id = new Argument<string>("id") { Description = "The token's id" };
        return ClientVerbs.Group(
            "tokens",
            "List, create and revoke an account's tokens",
            client.Verb("list", "List the account's tokens", ListAsync),
            Create(client),
            client.Verb("revoke", "Revoke a token", (call, cancellation) => RevokeAsync(call, call.Parse.GetRequiredValue(id), cancellation), id));
    }

    private static Command Create(ClientVerbs client)
    {
        var name = new Option<string>("--name") { Description = "What the token is for", Required = true, HelpName = "NAME" };
        var scopes = new Option<string>("--scope")
        {
            Description = "What it may do: any of publish,read,manage",
            HelpName = "SCOPE[,SCOPE]",
            DefaultValueFactory = _ => "publish,read",
            CompletionSources = { CommaList.Completing("publish", "read", "manage") },
        };
        var file = new Option<string?>("--token-out") { Description = "Write the token to this file (mode 0600) and do not print it", HelpName = "FILE" };
        return client.Verb(
            "create",
            "Create a token; it is shown this once",
            (call, cancellation) => CreateAsync(
                call,
                call.Parse.GetRequiredValue(name),
                call.Parse.GetRequiredValue(scopes).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                call.Parse.GetValue(file),
                cancellation),
            name,
            scopes,
            file);
    }

    private static async Task ListAsync(ClientCall call, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(call.Api.InAccount("tokens"), cancellation);
        call.Output.Show(answer, () => call.Output.Items(answer.Json().Items()));
    }

    private static async Task CreateAsync(ClientCall call, string name, string[] scopes, string? file, CancellationToken cancellation)
    {
        var body = new JsonObject { ["name"] = name, ["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]) };
        var answer = await call.Api.PostAsync(call.Api.InAccount("tokens"), body, cancellation);
        var created = answer.Json();
        if (file is not null)
        {
            SecretFile.Write(file, new Secret(created.Text("token")));
            var shown = (JsonObject)JsonNode.Parse(answer.Body.Span)!;
            shown.Remove("token");
            shown["token_file"] = file;
            answer = answer with { Body = Encoding.UTF8.GetBytes(shown.ToJsonString()) };
        }

        call.Output.Show(answer, () => call.Output.Fields(
        [
            ("id", created.Text("id")),
            ("token", file is null ? created.Text("token") : $"in {file}"),
        ]));
    }

    private static async Task RevokeAsync(ClientCall call, string id, CancellationToken cancellation)
    {
        var answer = await call.Api.DeleteAsync(call.Api.InAccount($"tokens/{Uri.EscapeDataString(id)}"), revision: null, cancellation);
        call.Output.Show(answer.Or(new JsonObject { ["id"] = id, ["revoked"] = true }), () => call.Output.Line($"token {id} revoked"));
    }
}
