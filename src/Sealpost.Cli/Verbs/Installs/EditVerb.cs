using System.CommandLine;
using System.Text.Json.Nodes;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs.Installs;

/// <summary><c>installs edit</c>: replaces the manifest, or changes what the options name and keeps the rest.</summary>
internal static class EditVerb
{
    // What a PUT ignores (protocol 2); the secret has no business in a request.
    private static readonly string[] NotTheCallers = ["client_id", "client_secret", "client_id_issued_at", "client_secret_expires_at", "id", "deleted"];

    public static Command Build(ClientVerbs client)
    {
        var id = InstallsVerb.ClientId();
        var file = new Argument<string?>("manifest") { Description = "The whole new manifest; left out, the options change the present one", Arity = ArgumentArity.ZeroOrOne, HelpName = "FILE|-" };
        var flags = new ManifestOptions();
        return client.Verb(
            "edit",
            "Change an install; in use at the next attempt",
            (call, cancellation) => EditAsync(call, call.Parse.GetRequiredValue(id), call.Parse.GetValue(file), flags.Read(call.Parse), cancellation),
            [id, file, .. flags.All]);
    }

    private static async Task EditAsync(ClientCall call, string clientId, string? file, ManifestFlags flags, CancellationToken cancellation)
    {
        if (file is null && flags.AreEmpty)
        {
            throw new UsageException("nothing to change: give a manifest or an option. See `sealpost installs edit --help`.");
        }

        var path = call.Api.Installs(InstallsVerb.Segment(clientId));
        var present = await call.Api.GetAsync(path, cancellation);
        var manifest = file is null ? (JsonObject)JsonNode.Parse(present.Body.Span)! : await ManifestFile.ReadAsync(file, call.Terminal, cancellation);
        foreach (var member in NotTheCallers)
        {
            manifest.Remove(member);
        }

        flags.Apply(manifest);
        var answer = await call.Api.PutAsync(path, manifest, present.Revision, cancellation);
        call.Output.Show(answer, () => call.Output.Line($"install {clientId} changed"));
    }
}
