using System.Net;
using Sealpost.IntegrationTests.Sending;
using Sealpost.Testing.Receivers;
using Answer = Sealpost.IntegrationTests.Support.Answer;
using Scripted = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Mtls;

/// <summary>What the caller is told of an endpoint that fails.</summary>
public sealed class ForwardFailureTests
{
    private static readonly (string Name, string Value) ShortConnect = ("SEALPOST_Delivery__ConnectTimeout", "00:00:00.300");
    private static readonly (string Name, string Value) ShortResponse = ("SEALPOST_Delivery__ResponseTimeout", "00:00:00.300");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(424)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_answer_of_400_and_more_is_wrapped_with_its_body_and_its_wish_to_wait(int status)
    {
        await using var calls = await ForwardCalls.StartAsync();
        calls.Service.Receiver.Enqueue(new Scripted(status)
        {
            Body = "{\"why\":1}"u8.ToArray(),
            Headers = new Dictionary<string, string> { ["Retry-After"] = "7", ["Content-Type"] = "application/x", ["X-Other"] = "1", ["LP-error-from-transport"] = "tls" },
        });

        var answer = await calls.PostAsync(calls.Endpoint.OriginalString);

        Assert.Equal((424, "{\"why\":1}", "application/x"), (answer.Status, answer.Body, answer.ContentType));
        Assert.Equal(
            ("7", $"{status}", $"the endpoint answered {status}", null, null),
            (answer.Header("Retry-After"), answer.Header("LP-status-from-transport"), answer.Message(), answer.Error(), answer.Header("X-Other")));
        Assert.InRange(answer.ResponseTime(), 0, 5000);
    }

    [Fact]
    public async Task A_failures_body_is_cut_off_at_one_MiB()
    {
        await using var calls = await ForwardCalls.StartAsync();
        calls.Service.Receiver.Enqueue(new Scripted(500) { Body = new byte[3 << 20] });

        var answer = await calls.PostAsync(calls.Endpoint.OriginalString);

        Assert.Equal((424, 1 << 20), (answer.Status, answer.Body.Length));
    }

    [Fact]
    public async Task Nothing_listens()
    {
        await using var calls = await ForwardCalls.StartAsync();

        Check(await calls.PostAsync($"https://127.0.0.1:{FreePort()}/"), "refused", "the endpoint refused the connection");
    }

    [Fact]
    public async Task No_connection_in_time()
    {
        await using var calls = await ForwardCalls.StartAsync(ShortConnect);
        using var hole = new TcpHole();

        var answer = await calls.PostAsync($"https://{hole.Address}:{hole.Port}/");

        Check(answer, "connect_timeout", "no connection within the connect timeout");
        Assert.InRange(answer.ResponseTime(), 280, 3000);
    }

    [Fact]
    public async Task A_handshake_that_stalls()
    {
        await using var calls = await ForwardCalls.StartAsync(ShortConnect);
        await using var receiver = RawReceiver.Start(calls.Service.Pki.Server(), HostileScripts.StallInHandshake);

        Check(await calls.PostAsync(receiver.Url.OriginalString), "connect_timeout", "no connection within the connect timeout");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task No_answer_in_time(string method)
    {
        await using var calls = await ForwardCalls.StartAsync(ShortResponse);
        await using var receiver = RawReceiver.Start(calls.Service.Pki.Server(), async connection =>
        {
            await connection.SecureAsync();
            await connection.HoldAsync();
        });

        var answer = await calls.SendAsync(calls.Forward(method, receiver.Url.OriginalString, body: method == "POST" ? new StringContent("x") : null));

        Check(answer, "read_timeout", "no status line and headers within the response timeout");
        Assert.InRange(answer.ResponseTime(), 280, 3000);
    }

    [Fact]
    public async Task A_request_that_the_endpoint_does_not_take()
    {
        await using var calls = await ForwardCalls.StartAsync(ShortResponse);
        await using var receiver = RawReceiver.Start(calls.Service.Pki.Server(), HostileScripts.NeverRead);

        var answer = await calls.SendAsync(calls.Forward("POST", receiver.Url.OriginalString, body: new ByteArrayContent(new byte[14 << 20])));

        Check(answer, "read_timeout", "the endpoint did not take the request within the response timeout");
    }

    [Fact]
    public async Task A_slow_caller_does_not_count_against_the_endpoint()
    {
        await using var calls = await ForwardCalls.StartAsync(ShortResponse, ShortConnect);
        using var slow = new SlowContent(TimeSpan.FromMilliseconds(900));

        var answer = await calls.SendAsync(calls.Forward("POST", calls.Endpoint.OriginalString, body: slow));

        Assert.Equal((200, "firstsecond"), (answer.Status, calls.Service.Receiver.Requests[0].Text));
        Assert.InRange(answer.ResponseTime(), 0, 290);
    }

    [Theory]
    [InlineData("expired", "the endpoint's certificate has expired")]
    [InlineData("name", "the endpoint's certificate does not name its host")]
    [InlineData("san", "the endpoint's certificate does not name its host")]
    [InlineData("root", "the endpoint's certificate comes from an issuer that is not trusted")]
    [InlineData("usage", "the endpoint's certificate is not meant for a server")]
    [InlineData("early", "the endpoint's certificate is not valid yet")]
    public async Task A_certificate_that_is_not_believed(string what, string message)
    {
        await using var calls = await ForwardCalls.StartAsync();
        var pki = calls.Service.Pki;
        using var stranger = new Testing.Pki();
        using var certificate = what switch
        {
            "expired" => pki.Expired(),
            "name" => pki.WrongName(),
            "san" => pki.WithoutSubjectAltName(),
            "root" => stranger.Server(),
            "early" => pki.NotYetValid(),
            _ => pki.WrongUsage(),
        };
        await using var receiver = RawReceiver.Start(certificate, async connection =>
        {
            await connection.SecureAsync();
            await connection.HoldAsync();
        });

        Check(await calls.PostAsync(receiver.Url.OriginalString), "tls", message);
    }

    [Fact]
    public async Task No_tls_at_all()
    {
        await using var calls = await ForwardCalls.StartAsync();
        await using var receiver = RawReceiver.Start(calls.Service.Pki.Server(), async connection => await connection.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"));

        Check(await calls.PostAsync(receiver.Url.OriginalString), "tls", "the TLS handshake failed", "the connection ended in the TLS handshake");
    }

    [Fact]
    public async Task A_name_without_an_address()
    {
        await using var calls = await ForwardCalls.StartAsync();

        Check(await calls.PostAsync("https://nowhere.invalid/"), "dns", "the endpoint's host name has no address");
    }

    [Fact]
    public async Task A_connection_that_ends_before_an_answer()
    {
        await using var calls = await ForwardCalls.StartAsync();
        await using var receiver = RawReceiver.Start(calls.Service.Pki.Server(), async connection =>
        {
            await connection.SecureAsync();
            await connection.ReadRequestAsync();
        });

        Check(await calls.PostAsync(receiver.Url.OriginalString), "closed", "the connection ended before an answer");
    }

    [Theory]
    [InlineData("https://169.254.169.254/")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://[::ffff:10.0.0.1]/")]
    [InlineData("https://metadata.google.internal/")]
    public async Task What_the_egress_guard_denies(string url)
    {
        await using var calls = await ForwardCalls.StartAsync();

        var answer = await calls.PostAsync(url);

        Check(answer, "egress_denied", "the endpoint's address is not allowed", "the endpoint's host name is not allowed");
    }

    [Fact]
    public async Task A_port_that_is_not_allowed()
    {
        await using var calls = await ForwardCalls.StartAsync(("SEALPOST_Egress__AllowedPorts", "443"));

        Check(await calls.PostAsync(calls.Endpoint.OriginalString), "egress_denied", "the endpoint's port is not allowed");
    }

    [Fact]
    public async Task A_forward_to_this_service_itself_does_not_come_round()
    {
        await using var calls = await ForwardCalls.StartAsync();
        var own = calls.Service.Host.HttpsUrl;

        Check(await calls.PostAsync(new Uri(own, "/health/live").OriginalString), "egress_denied", "the endpoint's address is not allowed");
        Check(await calls.PostAsync($"https://localhost:{own.Port}/mtls/account/a"), "egress_denied", "the endpoint's address is not allowed");
        Check(await calls.PostAsync($"https://[::ffff:127.0.0.1]:{calls.Service.Host.HttpUrl.Port}/"), "egress_denied", "the endpoint's address is not allowed");
    }

    [Fact]
    public async Task A_caller_who_goes_takes_the_request_to_the_endpoint_along()
    {
        await using var calls = await ForwardCalls.StartAsync();
        var (arrived, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var receiver = RawReceiver.Start(calls.Service.Pki.Server(), async connection =>
        {
            await connection.SecureAsync();
            await connection.ReadRequestAsync();
            arrived.SetResult();
            await connection.HoldAsync();
            ended.SetResult();
        });
        using var leaving = new CancellationTokenSource();
        var call = calls.Service.Client.SendAsync(calls.Forward("POST", receiver.Url.OriginalString, body: new StringContent("x")), leaving.Token);
        await arrived.Task.WaitAsync(Cancellation);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(3), Cancellation);
    }

    [Fact]
    public async Task A_body_that_breaks_off_breaks_off_for_the_caller_too()
    {
        await using var calls = await ForwardCalls.StartAsync(ShortResponse);
        var holds = true;
        await using var receiver = RawReceiver.Start(calls.Service.Pki.Server(), async connection =>
        {
            await connection.SecureAsync();
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
            await (holds ? connection.HoldAsync() : Task.CompletedTask);
        });

        await Assert.ThrowsAsync<HttpRequestException>(() => calls.PostAsync(receiver.Url.OriginalString));
        holds = false;
        await Assert.ThrowsAsync<HttpRequestException>(() => calls.PostAsync(receiver.Url.OriginalString));
    }

    private static void Check(Answer answer, string word, params string[] messages)
    {
        Assert.Equal((424, word), (answer.Status, answer.Error()));
        Assert.Contains(answer.Message(), messages);
        Assert.Equal("endpoint_" + word, answer.Code);
        Assert.InRange(answer.ResponseTime(), 0, 11_000);
        Assert.Null(answer.Header("LP-status-from-transport"));
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class SlowContent(TimeSpan pause) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("first"u8.ToArray(), Cancellation);
            await stream.FlushAsync(Cancellation);
            await Task.Delay(pause, TimeProvider.System, Cancellation);
            await stream.WriteAsync("second"u8.ToArray(), Cancellation);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
