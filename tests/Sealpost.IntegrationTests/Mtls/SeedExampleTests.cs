using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sealpost.IntegrationTests.Support;
using Sealpost.Testing.Certificates;
using Sealpost.Testing.Processes;
using Sealpost.Testing.Receivers;
using Received = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Mtls;

/// <summary>The seed's own example, from the mapping to the endpoint's answer: account 125634, its endpoint and its body.</summary>
public sealed class SeedExampleTests
{
    private const string Account = "125634";
    private const string Endpoint = "https://liveperson.com/endpoint";
    private const string Type = "ms.MessagingEventNotification.ContentEvent";
    private const string Hour = """
        "retry":{"retention_time":3600}
        """;

    private const string Body = """
        {
           "kind":"req",
           "id":"1",
           "type":"ms.PublishEvent",
           "body":{
              "dialogId":"123e4567-e89b-12d3-a456-426655440000",
              "event":{
                 "type":"ContentEvent",
                 "contentType":"text/plain",
                 "message":"Send message"
              }
           }
        }
        """;

    // The endpoint's own name, port and certificate, on an address of the loopback that is nobody's.
    private static readonly IPAddress Address = IPAddress.Parse("127.12.56.34");

    private static readonly RunningOptions LivePerson = new()
    {
        Receiver = pki => new ReceiverOptions(pki.Server("liveperson.com"))
        {
            Address = Address,
            Port = 443,
            ClientCertificates = ClientCertificateMode.RequireCertificate,
        },
        Lookup = (host, _) => Task.FromResult<IPAddress[]>(host == "liveperson.com" ? [Address] : []),
    };

    /// <param name="gateway">
    /// The name of the gateway. By its own the service knows itself, and forwards without a request; by another of its names the request is
    /// redirected, signed, over the network.
    /// </param>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_mapping_is_picked_up_and_what_follows_is_delivered_over_mutual_TLS(string gateway)
    {
        var port = SealpostLaunch.FreePort();
        await using var service = await RunningService.StartAsync(
            LivePerson with { HttpsPort = port },
            ($"SEALPOST_Domains__Overrides__{Account}__mtlsGateway", $"{gateway}:{port}"),
            ("SEALPOST_Mtls__MappingInterval", "00:00:00.3"),
            ("SEALPOST_Retry__BackoffBase", "00:00:00.2"));
        var install = await service.InstallAsync(Account, webhooks: $$"""{"{{Type}}":{"endpoint":"{{Endpoint}}"},{{Hour}}}""");
        await PublishAsync(service);
        await StateAsync(service, install, "failed", "direct");

        using var certificate = ClientCertificates.EllipticCurve(TimeProvider.System.GetUtcNow(), new ClientWish { Name = "account 125634" });
        await MapAsync(service, await UploadAsync(service, P12Files.Of(certificate)));
        service.Receiver.Answering = _ => new Received(201) { Body = Encoding.UTF8.GetBytes("taken") };
        var delivered = await service.OnlyDeliveryAsync(Account, "delivered");

        var state = await StateAsync(service, install, "up", "mtls");
        Assert.Equal(Endpoint, state.GetProperty("endpoints")[0].GetProperty("endpoint").GetString());
        var request = Assert.Single(service.Receiver.Requests);
        Assert.Equal(("POST", "/endpoint", "account 125634", Body), (request.Method, request.Target, request.ClientName, request.Text));
        Assert.Equal((Account, install, "application/json"), (request["x-liveperson-account-id"], request["x-liveperson-client-id"], request["Content-Type"]));
        Assert.Equal("1.1 sealpost-mtls", request["Via"]);
        Assert.True(request.IsSignedWith(await SecretAsync(service, install)));
        Assert.DoesNotContain(request.Headers, header => header.Key.StartsWith("LP-", StringComparison.OrdinalIgnoreCase) || header.Key == "Authorization");

        var attempts = (await service.CallAsync("GET", $"/api/account/{Account}/deliveries/{delivered.GetProperty("id").GetString()}")).Json.GetProperty("attempts");
        var last = attempts[attempts.GetArrayLength() - 1];
        Assert.Equal(("mtls", 201), (last.GetProperty("route").GetString(), last.GetProperty("status").GetInt32()));
        Assert.Equal("direct", attempts[0].GetProperty("route").GetString());
    }

    private static async Task PublishAsync(RunningService service)
    {
        var answer = await service.CallAsync("POST", $"/api/account/{Account}/notifications", Body);
        Assert.Equal((202, 1), (answer.Status, answer.Json.GetProperty("deliveries").GetInt32()));
    }

    private static async Task<System.Text.Json.JsonElement> StateAsync(RunningService service, string install, string state, string route) =>
        await service.UntilAsync($"/api/account/{Account}/configuration/app-install/installations/{install}/state", answer =>
            answer.GetProperty("state").GetString() == state && answer.GetProperty("endpoints")[0].GetProperty("route").GetString() == route);

    private static async Task<string> SecretAsync(RunningService service, string install) =>
        (await service.CallAsync("GET", $"/api/account/{Account}/configuration/app-install/installations/{install}")).Text("client_secret");

    private static async Task<long> UploadAsync(RunningService service, byte[] p12)
    {
        using var request = service.Request("POST", $"/mtls/account/{Account}/certificates/by-file");
        request.Content = new MultipartFormDataContent
        {
            { new ByteArrayContent(p12), "file", "client.p12" },
            { new StringContent($$"""{"name":"liveperson","password":"{{P12Files.Password}}"}"""), "certificate" },
        };
        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await Support.Answer.Read(response);
        Assert.Equal(201, answer.Status);
        return answer.Json.GetProperty("successfulySavedCertificates")[0].GetProperty("id").GetInt64();
    }

    private static async Task MapAsync(RunningService service, long certificate)
    {
        var mapping = $$"""[{"certificationId":"{{certificate}}","serviceId":"2","enable":true,"url":"{{Endpoint}}","name":"webhooks"}]""";
        Assert.Equal(201, (await service.CallAsync("POST", $"/api/account/{Account}/configuration/ac-common/mtls?v=3.0", mapping)).Status);
    }
}
