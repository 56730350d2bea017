using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sealpost.Installs;
using Sealpost.Protocol.Installs;
using Sealpost.Protocol.Signing;
using Sealpost.Sending;
using Sealpost.Testing.Receivers;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Sending;

public class RequestTests(SendingFixture fixture) : IClassFixture<SendingFixture>
{
    private const string Body = """{"kind":"notification","n":1e400}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_request_is_on_the_wire_exactly_as_the_protocol_says()
    {
        var received = new TaskCompletionSource<(string Head, string Body)>();
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), async connection =>
        {
            await connection.SecureAsync();
            received.SetResult(await connection.ReadRequestAsync());
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        using var sender = fixture.Sender();
        var attempt = SendingFixture.To(
            new Uri(receiver.Url, "/hook?a=1&b=%20"),
            manifest => manifest,
            Body,
            secrets: null,
            new WebhookHeader("Authorization", "Basic eDp5"),
            new WebhookHeader("X-Customer-Key", "caf\u00e9\t1"));

        var outcome = await sender.SendAsync(attempt, Stop);

        Assert.Equal(OutcomeKind.Delivered, outcome.Kind);
        var (head, body) = await received.Task;
        Assert.Equal(Body, body);
        Assert.Equal(
            [
                "POST /hook?a=1&b=%20 HTTP/1.1",
                $"Host: 127.0.0.1:{receiver.Port}",
                "x-liveperson-account-id: le12345",
                "x-liveperson-client-id: 0f8fad5b-d9cb-469f-a165-70867728950e",
                "x-liveperson-signature: sha1=k7ovCUFUdWhQbJU3qoqPyC4B76U=",
                "x-sealpost-delivery-id: dlv_000000000002d",
                "x-sealpost-attempt: 3",
                "x-sealpost-sequence: 12",
                "Authorization: Basic eDp5",
                "X-Customer-Key: caf\u00c3\u00a9\t1",
                "Content-Type: application/json",
                $"Content-Length: {Body.Length}",
                "",
                "",
            ],
            head.Split("\r\n"));
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http1AndHttp2)]
    public async Task Receivers_see_the_headers_and_can_verify_the_signature(HttpProtocols protocols)
    {
        await using var receiver = await ReceiverAsync(protocols);
        using var sender = fixture.Sender();

        await sender.SendAsync(SendingFixture.To(receiver.At("/hook"), Body), Stop);

        var request = Assert.Single(receiver.Requests);
        Assert.Equal("application/json", request["Content-Type"]);
        Assert.Equal("le12345", request["x-liveperson-account-id"]);
        Assert.Equal("dlv_000000000002d", request["x-sealpost-delivery-id"]);
        Assert.Equal(Body, request.Text);
        Assert.True(request.IsSignedWith(SendingFixture.Secret));
        Assert.False(request.IsSignedWith("another"));
        Assert.DoesNotContain(request.Headers, header => header.Key is "traceparent" or "Cookie" or "Accept-Encoding");
    }

    [Theory]
    [InlineData(SignatureAlgorithm.Sha1, SignatureEncoding.Hex)]
    [InlineData(SignatureAlgorithm.Sha256, SignatureEncoding.Base64)]
    [InlineData(SignatureAlgorithm.Sha256, SignatureEncoding.Hex)]
    public async Task An_install_chooses_its_signature(SignatureAlgorithm algorithm, SignatureEncoding encoding)
    {
        await using var receiver = await ReceiverAsync();
        using var sender = fixture.Sender();
        var attempt = SendingFixture.To(
            receiver.Url, manifest => manifest with { Signature = new SignatureScheme(algorithm, encoding) });

        await sender.SendAsync(attempt, Stop);

        var request = Assert.Single(receiver.Requests);
        Assert.True(request.IsSignedWith(SendingFixture.Secret));
        Assert.StartsWith(algorithm == SignatureAlgorithm.Sha1 ? "sha1=" : "sha256=", request["x-liveperson-signature"]);
    }

    [Theory]
    [InlineData(1, "previous")]
    [InlineData(-1, "current")]
    public async Task The_old_secret_signs_until_the_overlap_ends(int overlapEndsInHours, string signer)
    {
        await using var receiver = await ReceiverAsync();
        using var sender = fixture.Sender();
        var secrets = new ClientSecrets(
            new Secret("current"), new Secret("previous"), TimeProvider.System.GetUtcNow().AddHours(overlapEndsInHours));

        await sender.SendAsync(SendingFixture.To(receiver.Url, manifest => manifest, Body, secrets), Stop);

        Assert.True(Assert.Single(receiver.Requests).IsSignedWith(signer));
    }

    [Fact]
    public async Task An_install_can_do_without_our_own_headers()
    {
        await using var receiver = await ReceiverAsync();
        using var sender = fixture.Sender();

        await sender.SendAsync(SendingFixture.To(receiver.Url, manifest => manifest with { SealpostHeaders = false }), Stop);

        var request = Assert.Single(receiver.Requests);
        Assert.DoesNotContain(request.Headers, header => header.Key.StartsWith("x-sealpost", StringComparison.OrdinalIgnoreCase));
        Assert.NotNull(request["x-liveperson-signature"]);
    }

    [Fact]
    public async Task A_body_of_a_megabyte_arrives_as_it_is()
    {
        await using var receiver = await ReceiverAsync();
        using var sender = fixture.Sender();
        var body = string.Concat(Enumerable.Range(0, 150_000).Select(i => $"{i:x6},"));

        var outcome = await sender.SendAsync(SendingFixture.To(receiver.Url, body), Stop);

        Assert.Equal(OutcomeKind.Delivered, outcome.Kind);
        Assert.Equal(body, Assert.Single(receiver.Requests).Text);
    }

    private Task<ScriptedReceiver> ReceiverAsync(HttpProtocols protocols = HttpProtocols.Http1AndHttp2) =>
        ScriptedReceiver.StartAsync(new ReceiverOptions(fixture.Pki.Server()) { Protocols = protocols }, Stop);
}
