using System.CommandLine;
using System.Net;
using System.Text.Json;
using Sealpost.Cli.Client;
using Sealpost.Vault;

namespace Sealpost.Cli.Verbs.Installs;

/// <summary><c>installs show</c>: an install, and for people its state as well.</summary>
internal static class ShowVerb
{
    public static Command Build(ClientVerbs client)
    {
        var id = InstallsVerb.ClientId();
        var secretOut = SecretOut();
        return client.Verb(
            "show",
            "Show an install and how its deliveries are doing",
            (call, cancellation) => ShowAsync(call, call.Parse.GetRequiredValue(id), call.Parse.GetValue(secretOut), cancellation),
            id,
            secretOut);
    }

    /// <summary>The option that puts a client secret in a file.</summary>
    public static Option<string?> SecretOut() =>
        new("--secret-out") { Description = "Write the client secret to this file (mode 0600)", HelpName = "FILE" };

    /// <exception cref="VerbFailedException">The answer has no secret: the token may not see it.</exception>
    public static void WriteSecret(string? file, JsonElement install)
    {
        if (file is null)
        {
            return;
        }

        var secret = install.Text("client_secret");
        SecretFile.Write(file, secret.Length > 0
            ? new Secret(secret)
            : throw new VerbFailedException("the server did not tell the client secret: that takes the administrator's token or one with the scope manage."));
    }

    /// <summary>An install's values for people; the secret is not among them.</summary>
    public static void WriteInstall(JsonElement install, string? secretOut, Output output)
    {
        output.Fields(install.Scalars().Where(field => field.Name is not ("client_secret" or "id" or "deleted")));
        output.Note(secretOut is null ? "The client secret: --secret-out FILE writes it to a file." : $"The client secret is in {secretOut}.");
        var webhooks = install.Member("capabilities").Member("webhooks");
        if (webhooks.ValueKind == JsonValueKind.Object)
        {
            output.Table(
                ["event type", "endpoint", "max_retries"],
                webhooks.EnumerateObject()
                    .Where(webhook => webhook.Value.Text("endpoint").Length > 0)
                    .Select(webhook => (string[])[webhook.Name, webhook.Value.Text("endpoint"), webhook.Value.Text("max_retries")]));
        }
    }

    private static async Task ShowAsync(ClientCall call, string clientId, string? secretOut, CancellationToken cancellation)
    {
        var answer = await call.Api.GetAsync(call.Api.Installs(InstallsVerb.Segment(clientId)), cancellation);
        WriteSecret(secretOut, answer.Json());
        if (call.Output.Json)
        {
            call.Output.Show(answer, () => { });
            return;
        }

        WriteInstall(answer.Json(), secretOut, call.Output);
        await WriteStateAsync(call, clientId, cancellation);
    }

    private static async Task WriteStateAsync(ClientCall call, string clientId, CancellationToken cancellation)
    {
        try
        {
            var state = await call.Api.GetAsync(call.Api.Installs($"{InstallsVerb.Segment(clientId)}/state"), cancellation);
            call.Output.Fields(state.Json().Scalars());
        }
        catch (ApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            // Deleted between the two calls, or a server that does not tell states.
            call.Output.Note($"no state: {gone.Detail}");
        }
    }
}
