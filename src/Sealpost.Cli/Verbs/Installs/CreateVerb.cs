using System.CommandLine;
using System.Text.Json.Nodes;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs.Installs;

/// <summary><c>installs create</c>: from a manifest, or from a few options that make one.</summary>
internal static class CreateVerb
{
    public static Command Build(ClientVerbs client)
    {
        var file = new Argument<string?>("manifest") { Description = "The manifest; left out, the options make one", Arity = ArgumentArity.ZeroOrOne, HelpName = "FILE|-" };
        var flags = new ManifestOptions();
        var secretOut = ShowVerb.SecretOut();
        return client.Verb(
            "create",
            "Create an app install",
            (call, cancellation) => CreateAsync(call, call.Parse.GetValue(file), flags.Read(call.Parse), call.Parse.GetValue(secretOut), cancellation),
            [file, .. flags.All, secretOut]);
    }

    private static async Task CreateAsync(ClientCall call, string? file, ManifestFlags flags, string? secretOut, CancellationToken cancellation)
    {
        if (file is null && (flags.Endpoint is null || flags.EventTypes.Count == 0))
        {
            throw new UsageException("give a manifest, or --endpoint and --event-type. See `sealpost installs create --help`.");
        }

        var manifest = file is null ? [] : await ManifestFile.ReadAsync(file, call.Terminal, cancellation);
        flags.Apply(manifest);
        if (!manifest.ContainsKey("client_name") && flags.Endpoint is { } endpoint)
        {
            // Unique enough for a first app; whoever has two on one host names them.
            manifest["client_name"] = Uri.TryCreate(endpoint, UriKind.Absolute, out var url) ? url.Authority : endpoint;
        }

        var answer = await call.Api.PostAsync(call.Api.Installs(), manifest, cancellation);
        ShowVerb.WriteSecret(secretOut, answer.Json());
        call.Output.Show(answer, () => ShowVerb.WriteInstall(answer.Json(), secretOut, call.Output));
    }
}

/// <summary>A manifest in a file; what it must contain is the server's to say.</summary>
internal static class ManifestFile
{
    public static async Task<JsonObject> ReadAsync(string file, Terminal terminal, CancellationToken cancellation)
    {
        var bytes = await InputFile.ReadAsync(file, terminal, cancellation);
        try
        {
            return JsonNode.Parse(bytes) as JsonObject ?? throw new VerbFailedException($"{file}: a manifest is a JSON object.");
        }
        catch (System.Text.Json.JsonException exception)
        {
            throw new VerbFailedException($"{file} is not JSON: {exception.Message}");
        }
    }
}
