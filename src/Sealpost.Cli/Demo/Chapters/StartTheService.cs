using Sealpost.Cli.Client;
using Sealpost.Cli.Receiving;

namespace Sealpost.Cli.Demo.Chapters;

/// <summary>A receiver with its own certificate, and a service that trusts it.</summary>
internal static class StartTheService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    public static async Task PlayAsync(Tour tour, CancellationToken cancellation)
    {
        var authority = ReceiverAuthority.Open(Path.Combine(tour.Folder, "receiver"), tour.Clock.GetUtcNow());
        tour.Receiver = await Receiver.StartAsync(port: 0, authority, tour.Inbox.HandleAsync, tour.Clock);
        tour.Tell($"A customer's webhook receiver listens on {tour.Receiver.Url}");

        var data = Path.Combine(tour.Folder, "data");
        tour.Service = ServiceProcess.Start(data, authority.CaFile);
        tour.Api = await WaitUntilReadyAsync(tour, tour.Service, data, cancellation);
        tour.Tell($"`sealpost serve` is ready on {tour.Api.Server} (one process, no other server)");
    }

    private static async Task<ApiClient> WaitUntilReadyAsync(Tour tour, ServiceProcess service, string data, CancellationToken cancellation)
    {
        var deadline = tour.Clock.GetUtcNow() + Patience;
        while (!service.HasExited && tour.Clock.GetUtcNow() < deadline)
        {
            if (File.Exists(Path.Combine(data, "url")) && await TryConnectAsync(tour, data, cancellation) is { } api)
            {
                return api;
            }

            await Task.Delay(Between, tour.Clock, cancellation);
        }

        throw new VerbFailedException($"the service did not become ready. Its last lines:{Environment.NewLine}{service.LastLines}");
    }

    private static async Task<ApiClient?> TryConnectAsync(Tour tour, string data, CancellationToken cancellation)
    {
        var flags = new ConnectionFlags(Server: null, TokenFile: null, Account: "demo", data);
        var api = new ApiClient(Connection.Resolve(flags, _ => null), tour.Clock);
        try
        {
            await api.GetAsync("health/ready", cancellation);
            return api;
        }
        catch (Exception notYet) when (notYet is ServerUnreachableException or ApiException)
        {
            api.Dispose();
            return null;
        }
    }
}
