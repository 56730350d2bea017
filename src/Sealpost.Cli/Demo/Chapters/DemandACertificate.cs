using System.Text.Json.Nodes;
using Sealpost.Cli.Receiving;

namespace Sealpost.Cli.Demo.Chapters;

/// <summary>The customer moves to a receiver that takes nobody without a client certificate: the app install fails.</summary>
internal static class DemandACertificate
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    public static async Task PlayAsync(Tour tour, CancellationToken cancellation)
    {
        tour.Certificate = DemoCertificate.Issue("demo-platform", tour.Clock.GetUtcNow());
        var authority = ReceiverAuthority.Open(Path.Combine(tour.Folder, "receiver"), tour.Clock.GetUtcNow());
        tour.StrictReceiver = await Receiver.StartAsync(port: 0, authority, tour.Inbox.HandleAsync, tour.Clock, new ClientTrust([tour.Certificate.Trusted]));
        tour.Tell($"The customer's new receiver, {tour.StrictReceiver.Url}, takes nobody without a client certificate.");
        await MoveAsync(tour, cancellation);
        await tour.PublishAsync(Script.ThirdScene, cancellation);
        if (!await tour.States!.WaitAsync(states => states is [.., "failed"], Patience, cancellation))
        {
            throw new VerbFailedException("the app install did not fail, although its receiver demands a certificate.");
        }

        tour.Tell($"Nothing gets through: {await LastErrorAsync(tour, cancellation)}.");
    }

    // An outcome is in the store some milliseconds after it came about.
    private static async Task<string> LastErrorAsync(Tour tour, CancellationToken cancellation)
    {
        while (true)
        {
            var page = (await tour.Connected.GetAsync(tour.Connected.InAccount("deliveries?state=pending&limit=100"), cancellation)).Json();
            foreach (var item in page.GetProperty("items").EnumerateArray().Where(item => item.GetProperty("attempts").GetInt32() > 0))
            {
                return item.GetProperty("lastError").GetString()!;
            }

            await Task.Delay(Between, tour.Clock, cancellation);
        }
    }

    private static async Task MoveAsync(Tour tour, CancellationToken cancellation)
    {
        var path = tour.Connected.Installs("/" + tour.ClientId);
        var present = await tour.Connected.GetAsync(path, cancellation);
        var manifest = JsonNode.Parse(present.Body.Span)!.AsObject();
        manifest["capabilities"]!["webhooks"]![Script.EventType]!["endpoint"] = tour.StrictReceiver!.Url.AbsoluteUri;
        await tour.Connected.PutAsync(path, manifest, present.Revision, cancellation);
    }
}
