using System.CommandLine;
using System.Text.Json.Nodes;
using Sealpost.Accounts;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs;

/// <summary><c>accounts</c>: the platform's customers.</summary>
internal static class AccountsVerb
{
    private const string Collection = "api/accounts";

    public static Command Build(ClientVerbs client) => ClientVerbs.Group(
        "accounts",
        "List, create, show and delete accounts",
        client.Verb("list", "List the accounts", ListAsync),
        One(client, "create", "Create an account", CreateAsync),
        One(client, "show", "Show an account", ShowAsync),
        One(client, "delete", "Delete an account that has no app installs", DeleteAsync));

    private static Command One(ClientVerbs client, string name, string description, Func<ClientCall, string, CancellationToken, Task> run)
    {
        var id = new Argument<string>("account") { Description = "1 to 64 of A-Z a-z 0-9 _ -" };
        id.Validators.Add(result =>
        {
            if (!AccountId.TryParse(result.Tokens.SingleOrDefault()?.Value, out _))
            {
                result.AddError("an account is 1 to 64 of A-Z a-z 0-9 _ -.");
            }
        });
        return client.Verb(name, description, (call, cancellation) => run(call, call.Parse.GetRequiredValue(id), cancellation), id);
    }

    private static async Task ListAsync(ClientCall call, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(Collection, cancellation);
        call.Output.Show(answer, () => call.Output.Items(answer.Json().Items()));
    }

    private static async Task CreateAsync(ClientCall call, string account, CancellationToken cancellation)
    {
        var answer = await call.Api.PostAsync(Collection, new JsonObject { ["id"] = account }, cancellation);
        call.Output.Show(answer, () => call.Output.Line($"account {account} created"));
    }

    private static async Task ShowAsync(ClientCall call, string account, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync($"{Collection}/{account}", cancellation);
        call.Output.Show(answer, () => call.Output.Fields(answer.Json().Scalars()));
    }

    private static async Task DeleteAsync(ClientCall call, string account, CancellationToken cancellation)
    {
        var answer = await call.Api.DeleteAsync($"{Collection}/{account}", revision: null, cancellation);
        call.Output.Show(answer.Or(new JsonObject { ["id"] = account, ["deleted"] = true }), () => call.Output.Line($"account {account} deleted"));
    }
}
