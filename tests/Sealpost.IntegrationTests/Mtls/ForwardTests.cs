using System.Net;
using System.Text;
using Sealpost.IntegrationTests.Support;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Mtls;

public sealed class ForwardTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_method_reaches_the_endpoint_with_its_body_and_certificate_and_the_answer_comes_back()
    {
        await using var calls = await ForwardCalls.StartAsync();
        await using var receiver = await calls.DemandingAsync();
        var url = $"{receiver.Url.OriginalString.TrimEnd('/')}/in?x=%31&y=a%2Fb";
        using var certificate = await calls.MappedAsync("a", url);
        foreach (var method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])
        {
            receiver.Enqueue(new Testing.Receivers.Answer(203) { Body = "pong"u8.ToArray(), Headers = new Dictionary<string, string> { ["Content-Type"] = "text/x", ["X-Mine"] = "1" } });
            var hasBody = method is "POST" or "PUT" or "PATCH";

            var answer = await calls.SendAsync(calls.Forward(method, url, body: hasBody ? new StringContent("ping") : null));

            Assert.Equal((203, "text/x", "1"), (answer.Status, answer.ContentType, answer.Header("X-Mine")));
            Assert.Equal(method == "HEAD" ? "" : "pong", answer.Body);
            Assert.InRange(answer.ResponseTime(), 0, 5000);
            var request = receiver.Requests[^1];
            Assert.Equal((method, "/in?x=%31&y=a%2Fb", hasBody ? "ping" : "", certificate.Thumbprint), (request.Method, request.Target, request.Text, request.ClientThumbprint));
        }

        Assert.Equal(6, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Select(request => request.ConnectionId).Distinct());
    }

    [Theory]
    [InlineData("LP-forward-url: {0}|LP-forward-url: {0}", "transport_header_invalid")]
    [InlineData("LP-forward-url: {0}|LP-service-name: IDP|LP-service-name: WEBHOOKS", "transport_header_invalid")]
    [InlineData("LP-forward-url: {0}|LP-authorization-override: a|LP-authorization-override: b", "transport_header_invalid")]
    [InlineData("LP-forward-url: {0}|LP-stop-if-certificate-not-found: yes", "transport_header_invalid")]
    [InlineData("X-Other: {0}", "forward_url_missing")]
    [InlineData("LP-forward-url:", "forward_url_missing")]
    [InlineData("LP-forward-url: {0}|LP-stop-if-certificate-not-found: true", "certificate_not_found")]
    [InlineData("LP-forward-url: {0}|LP-service-name: OTHER|LP-stop-if-certificate-not-found: TRUE", "certificate_not_found")]
    [InlineData("LP-forward-url: {0}|Via: 1.0 x, 1.1 sealpost-mtls", "forward_loop")]
    [InlineData("LP-forward-url: http://127.0.0.1/", "forward_url_invalid")]
    [InlineData("LP-forward-url: {0}a/%2e%2E/b", "forward_url_invalid")]
    [InlineData("LP-forward-url: {0}a/../b", "forward_url_invalid")]
    [InlineData("LP-forward-url: {0}#frag", "forward_url_invalid")]
    [InlineData("LP-forward-url: https://user@127.0.0.1/", "forward_url_invalid")]
    [InlineData("LP-forward-url: {0}a\\b", "forward_url_invalid")]
    [InlineData("LP-forward-url: {0}a\tb", "forward_url_invalid")]
    [InlineData("LP-forward-url: https://b\u00fccher.example/", "forward_url_invalid")]
    [InlineData("LP-forward-url: {0}, {0}", "forward_url_invalid")]
    [InlineData("LP-forward-url: {0}|X-Bad: a\u0001b", "header_invalid")]
    [InlineData("LP-forward-url: {0}|LP-authorization-override: a\u001fb", "header_invalid")]
    public async Task What_is_not_ordered_clearly_is_refused_and_nothing_is_sent(string headers, string code)
    {
        await using var calls = await ForwardCalls.StartAsync();

        var answer = await calls.RawAsync("POST", string.Format(null, headers, calls.Endpoint.OriginalString).Split('|'), "x");

        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.Empty(calls.Service.Receiver.Requests);
    }

    [Theory]
    [InlineData("/in", "", true)]
    [InlineData("/in", "HTTPS-UPPER", true)]
    [InlineData("/In", "", false)]
    [InlineData("/in/", "", false)]
    [InlineData("//in", "", false)]
    [InlineData("/in?", "", false)]
    [InlineData("/in?a=1", "", false)]
    [InlineData("/in;v=1", "", false)]
    [InlineData("/%69n", "", false)]
    [InlineData("/in", "PORT", false)]
    public async Task A_mapping_is_of_one_url_alone_in_one_spelling(string path, string spelling, bool isMapped)
    {
        await using var calls = await ForwardCalls.StartAsync();
        await using var receiver = await calls.DemandingAsync();
        using var certificate = await calls.MappedAsync("a", receiver.At("/in").OriginalString);
        var port = spelling == "PORT" ? calls.Endpoint.Port : receiver.Port;

        var answer = await calls.PostAsync(
            $"{(spelling == "HTTPS-UPPER" ? "HTTPS" : "https")}://127.0.0.1:{port}{path}", headers: ("LP-stop-if-certificate-not-found", "true"));

        Assert.Equal(isMapped ? 200 : 400, answer.Status);
        Assert.Equal(isMapped ? 1 : 0, receiver.Requests.Count + calls.Service.Receiver.Requests.Count);
    }

    [Fact]
    public async Task An_unmapped_url_is_forwarded_without_a_certificate_and_a_change_of_the_mapping_counts_at_once()
    {
        await using var calls = await ForwardCalls.StartAsync();
        await using var receiver = await ScriptedReceiver.StartAsync(
            new ReceiverOptions(calls.Service.Pki.Server()) { ClientCertificates = Microsoft.AspNetCore.Server.Kestrel.Https.ClientCertificateMode.AllowCertificate }, Cancellation);
        var url = receiver.At("/x").OriginalString;
        await calls.PostAsync(url);
        using var certificate = await calls.MappedAsync("a", url);
        await calls.PostAsync(url);
        await calls.SendAsync(calls.Forward("POST", url, service: "IDP"));
        var mappings = await calls.Service.CallAsync("GET", "/api/account/a/configuration/ac-common/mtls?v=3.0");
        var id = mappings.Json[0].GetProperty("id").GetRawText();
        var off = await calls.Service.CallAsync("PUT", "/api/account/a/configuration/ac-common/mtls?v=3.0", $$"""[{"id":{{id}},"enable":false}]""");
        Assert.True(off.Status == 200, off.Body);
        await calls.PostAsync(url);

        Assert.Equal([null, certificate.Thumbprint, null, null], receiver.Requests.Select(request => request.ClientThumbprint));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(12 << 20)]
    public async Task A_body_passes_both_ways_while_it_comes_in_smaller_and_larger_than_any_buffer(int half)
    {
        await using var calls = await ForwardCalls.StartAsync();
        var (halfArrived, halfAnswered) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var receiver = RawReceiver.Start(calls.Service.Pki.Server(), async connection =>
        {
            await connection.SecureAsync();
            var (buffer, read, head) = (new byte[65536], 0L, new StringBuilder());
            while (read < (2 * half) + head.Length)
            {
                var count = await connection.ReadAsync(buffer);
                if (head.Length == 0)
                {
                    var text = Encoding.Latin1.GetString(buffer, 0, count);
                    head.Append(text[..(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)]);
                }

                read += count;
                if (read >= half + head.Length)
                {
                    halfArrived.TrySetResult();
                }
            }

            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: {2 * half}\r\n\r\n");
            await connection.WriteAsync(new byte[half]);
            await halfAnswered.Task.WaitAsync(connection.Closing);
            await connection.WriteAsync(new byte[half]);
            await connection.HoldAsync();
        });
        using var request = calls.Forward("POST", receiver.Url.OriginalString, body: new HalvedContent(half, halfArrived.Task));

        using var response = await calls.Service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        await body.ReadExactlyAsync(new byte[half], Cancellation);
        halfAnswered.SetResult();
        await body.ReadExactlyAsync(new byte[half], Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, await body.ReadAsync(new byte[1], Cancellation));
    }

    [Fact]
    public async Task A_body_of_more_than_256_MiB_is_refused_before_anything_is_sent()
    {
        await using var calls = await ForwardCalls.StartAsync();

        var answer = await RawCall.SendExactlyAsync(calls.Service.Client.BaseAddress!, string.Join("\r\n", calls.Head("POST", $"LP-forward-url: {calls.Endpoint}", "Content-Length: 268435457", "Connection: close")) + "\r\n\r\n");

        Assert.Equal((413, "body_too_large"), (answer.Status, answer.Code));
        Assert.Empty(calls.Service.Receiver.Requests);
    }

    [Fact]
    public async Task A_caller_may_speak_HTTP_2()
    {
        await using var calls = await ForwardCalls.StartAsync();
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var client = new HttpClient(handler) { BaseAddress = calls.Service.Host.HttpsUrl, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Assert.True(Sealpost.Protocol.OAuth1.SignedRequest.TryParse("POST", $"https://{client.BaseAddress.Authority}/mtls/account/a", out var signed));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mtls/account/a") { Content = new StringContent("ping"), Version = HttpVersion.Version20 };
        request.Headers.TryAddWithoutValidation("Authorization", Sealpost.Protocol.OAuth1.OAuthSigner.Sign(
            signed, calls.KeyOf("a"), Sealpost.Protocol.OAuth1.SignatureMethod.HmacSha256, TimeProvider.System.GetUtcNow(), "n"));
        request.Headers.TryAddWithoutValidation("LP-forward-url", calls.Endpoint.OriginalString);

        using var response = await client.SendAsync(request, Cancellation);

        Assert.Equal((HttpStatusCode.OK, "ping"), (response.StatusCode, calls.Service.Receiver.Requests[0].Text));
    }

    [Fact]
    public async Task In_production_a_forward_goes_over_HTTPS_alone()
    {
        await using var calls = await ForwardCalls.StartAsync("Production");

        var answer = await calls.PostAsync(calls.Endpoint.OriginalString);

        Assert.Equal((403, "https_required"), (answer.Status, answer.Code));
    }

    /// <summary>Two halves, the second when it is told.</summary>
    private sealed class HalvedContent(int half, Task second) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[half], Cancellation);
            await stream.FlushAsync(Cancellation);
            await second.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
            await stream.WriteAsync(new byte[half], Cancellation);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 2L * half;
            return true;
        }
    }
}
