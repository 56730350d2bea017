using System.Text.Json.Nodes;
using Sealpost.Cli.Client;
using Sealpost.Cli.Verbs.Installs;
using Sealpost.Vault;

namespace Sealpost.Cli.Demo.Chapters;

/// <summary>An app that wants content events, and each of them retried for an hour.</summary>
internal static class InstallAnApp
{
    private const int RetentionSeconds = 3600;

    public static async Task PlayAsync(Tour tour, CancellationToken cancellation)
    {
        var manifest = new JsonObject();
        new ManifestFlags("demo-app", tour.Receiver!.Url.AbsoluteUri, [Script.EventType], RetentionSeconds, MaxRetries: null).Apply(manifest);
        var install = (await tour.Connected.PostAsync(tour.Connected.Installs(), manifest, cancellation)).Json();
        tour.ClientId = install.Text("client_id");
        tour.States = new StateWatch(tour.Connected, tour.Console, tour.Clock);
        tour.States.Start();
        tour.Inbox.Expect(new Secret(install.Text("client_secret")));
        tour.Tell($"App install {install.Text("client_id")} in account {tour.Connected.Connection.Account}:");
        tour.Tell($"{Script.EventType} goes to the receiver, and is retried for {RetentionSeconds} s.");
    }
}
