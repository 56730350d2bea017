using System.CommandLine;
using System.Text.Json.Nodes;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Verbs.Installs;

/// <summary><c>installs rotate</c>: a new client secret; the old one signs until the overlap ends.</summary>
internal static class RotateVerb
{
    private const int DefaultOverlapSeconds = 86_400;
    private const int MaxOverlapSeconds = 604_800;

    public static Command Build(ClientVerbs client)
    {
        var id = InstallsVerb.ClientId();
        var overlap = NumberOption.Create(
            "--overlap", $"Seconds until the new secret signs, 0 to {MaxOverlapSeconds} [{DefaultOverlapSeconds}]", "SECONDS", 0, MaxOverlapSeconds);
        var secretOut = ShowVerb.SecretOut();
        return client.Verb(
            "rotate",
            "Give an install a new client secret",
            (call, cancellation) => RotateAsync(call, call.Parse.GetRequiredValue(id), call.Parse.GetValue(overlap) ?? DefaultOverlapSeconds, call.Parse.GetValue(secretOut), cancellation),
            id,
            overlap,
            secretOut);
    }

    private static async Task RotateAsync(ClientCall call, string clientId, int overlapSeconds, string? secretOut, CancellationToken cancellation)
    {
        var path = call.Api.Installs($"{InstallsVerb.Segment(clientId)}/rotate-secret");
        var answer = await call.Api.PostAsync(path, new JsonObject { ["overlap"] = overlapSeconds }, cancellation);
        ShowVerb.WriteSecret(secretOut, answer.Json());
        call.Output.Show(answer, () =>
        {
            call.Output.Line($"install {clientId} has a new secret; the old one signs for {overlapSeconds} s more");
            call.Output.Note(secretOut is null ? $"Read it with `sealpost installs show {clientId} --secret-out FILE`." : $"The new secret is in {secretOut}.");
        });
    }
}
