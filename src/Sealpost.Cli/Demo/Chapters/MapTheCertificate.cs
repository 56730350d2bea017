using System.Text.Json.Nodes;

namespace Sealpost.Cli.Demo.Chapters;

/// <summary>Two calls to MTLS, none to the webhooks service: it finds the mapping by itself, and everything goes out with the certificate.</summary>
internal static class MapTheCertificate
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task PlayAsync(Tour tour, CancellationToken cancellation)
    {
        var certificate = await UploadAsync(tour, cancellation);
        var endpoint = tour.StrictReceiver!.Url.AbsoluteUri;
        var mapping = new JsonArray(new JsonObject
        {
            ["name"] = "demo",
            ["certificationId"] = certificate,
            ["serviceId"] = "2",
            ["url"] = endpoint,
            ["enable"] = true,
        });
        await tour.Connected.PostAsync(tour.Connected.InAccount("configuration/ac-common/mtls?v=3.0"), mapping, cancellation);
        tour.Tell($"The customer's certificate is uploaded and mapped to {endpoint} for the service WEBHOOKS.");
        tour.Tell($"The service asks for mappings every {ServiceProcess.MappingInterval.TotalSeconds} s here (150 s by default), and goes through MTLS from then on.");
        var all = tour.Said.Count;
        if (!await tour.Inbox.WaitAsync(arrivals => arrivals.Count(arrival => arrival.Taken) >= all, Patience, tour.Clock, cancellation))
        {
            throw new VerbFailedException($"not everything arrived within {Patience.TotalSeconds} s.");
        }

        if (!await tour.States!.WaitAsync(states => states is [.., "up"], Patience, cancellation))
        {
            throw new VerbFailedException("everything arrived, but the app install is not up.");
        }
    }

    private static async Task<long> UploadAsync(Tour tour, CancellationToken cancellation)
    {
        var (p12, password, _) = tour.Certificate!;
        var about = new JsonObject { ["name"] = "demo", ["password"] = password.Reveal() };
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(p12), "file", "demo.p12" },
            { new StringContent(about.ToJsonString()), "certificate" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"mtls/account/{tour.Connected.Connection.Account}/certificates/by-file") { Content = form };
        var answer = (await tour.Connected.SendAsync(request, cancellation)).Json();
        return answer.GetProperty("successfulySavedCertificates")[0].GetProperty("id").GetInt64();
    }
}
