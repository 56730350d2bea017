using System.Net;
using System.Net.Sockets;
using System.Text;
using Sealpost.Sending;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Sending;

public class OutcomeTests(SendingFixture fixture) : IClassFixture<SendingFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    public async Task Only_200_and_201_are_a_success(int status)
    {
        var outcome = await SendAsync(new Answer(status));

        Assert.Equal(OutcomeKind.Delivered, outcome.Kind);
        Assert.True(outcome.Succeeded);
        Assert.Equal(status, outcome.Status);
        Assert.Null(outcome.Error);
        Assert.InRange(outcome.ResponseTime!.Value, TimeSpan.Zero, outcome.Duration);
    }

    [Theory]
    [InlineData(202)]
    [InlineData(204)]
    [InlineData(206)]
    [InlineData(304)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(407)]
    [InlineData(410)]
    [InlineData(413)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(599)]
    public async Task Any_other_status_is_a_failure(int status)
    {
        var outcome = await SendAsync(new Answer(status));

        Assert.Equal(OutcomeKind.Status, outcome.Kind);
        Assert.False(outcome.Succeeded);
        Assert.Equal(status, outcome.Status);
        Assert.Equal($"the endpoint answered {status}", outcome.Error);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_a_failure_and_is_not_followed(int status)
    {
        await using var target = await ScriptedReceiver.StartAsync(fixture.Pki.Server(), Stop);
        var headers = new Dictionary<string, string> { ["Location"] = target.Url.AbsoluteUri };

        var outcome = await SendAsync(new Answer(status) { Headers = headers });

        Assert.Equal(OutcomeKind.Status, outcome.Kind);
        Assert.Equal(status, outcome.Status);
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task What_the_endpoint_says_is_kept_up_to_4_KiB()
    {
        var outcome = await SendAsync(new Answer(500) { Body = Encoding.UTF8.GetBytes("no " + new string('x', 10_000)) });

        Assert.Equal("no " + new string('x', Outcome.MaxResponseBytes - 3), Encoding.UTF8.GetString(outcome.Response.Span));
    }

    [Fact]
    public async Task A_busy_endpoint_may_say_how_long_to_wait()
    {
        var outcome = await SendAsync(
            new Answer(503) { Headers = new Dictionary<string, string> { ["Retry-After"] = "90" } });

        Assert.Equal(TimeSpan.FromSeconds(90), outcome.RetryAfter);
    }

    [Fact]
    public async Task A_port_that_nobody_listens_on_refuses()
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)unused.LocalEndPoint!).Port;

        await AssertFailsAsync(new Uri($"https://127.0.0.1:{port}/"), OutcomeKind.Refused, "the endpoint refused the connection");
    }

    [Theory]
    [InlineData(SocketError.HostNotFound)]
    [InlineData(SocketError.NoData)]
    [InlineData(SocketError.TryAgain)]
    public async Task A_name_without_an_address_is_a_DNS_failure(SocketError error)
    {
        using var sender = fixture.Sender((_, _) => throw new SocketException((int)error));

        var outcome = await sender.SendAsync(SendingFixture.To(new Uri("https://nowhere.test/")), Stop);

        Assert.Equal(OutcomeKind.Dns, outcome.Kind);
        Assert.Null(outcome.Status);
        Assert.Null(outcome.ResponseTime);
    }

    [Fact]
    public async Task Names_are_resolved_by_the_system()
    {
        await using var receiver = await ScriptedReceiver.StartAsync(fixture.Pki.Server(), Stop);
        using var sender = fixture.Sender();

        var outcome = await sender.SendAsync(SendingFixture.To(receiver.At("/", "localhost")), Stop);

        Assert.Equal((OutcomeKind.Delivered, null), (outcome.Kind, outcome.Error));
    }

    [Theory]
    [InlineData(nameof(HostileScripts.CloseAfterRequest))]
    [InlineData(nameof(HostileScripts.CloseInHeaders))]
    [InlineData(nameof(HostileScripts.ResetAfterRequest))]
    public async Task A_connection_that_ends_before_an_answer_is_closed(string script)
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), Script(script));

        await AssertFailsAsync(receiver.Url, OutcomeKind.Closed, "the connection ended before an answer");
    }

    [Fact]
    public async Task What_is_not_HTTP_is_an_invalid_response()
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), HostileScripts.SpeakGarbage);

        await AssertFailsAsync(receiver.Url, OutcomeKind.InvalidResponse, "the endpoint's answer is not HTTP");
    }

    [Fact]
    public async Task Headers_without_end_are_an_invalid_response()
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), HostileScripts.FloodHeaders);

        await AssertFailsAsync(receiver.Url, OutcomeKind.InvalidResponse, "the endpoint's headers are too long");
    }

    [Fact]
    public async Task A_connection_that_was_closed_while_idle_is_not_used_and_one_that_dies_at_the_request_is_a_failure()
    {
        var answered = 0;
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), async connection =>
        {
            await connection.SecureAsync();
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            if (Interlocked.Increment(ref answered) == 1)
            {
                await connection.ReadRequestAsync();
            }
        });
        using var sender = fixture.Sender();

        Assert.Equal(OutcomeKind.Delivered, (await sender.SendAsync(SendingFixture.To(receiver.Url), Stop)).Kind);
        Assert.Equal(OutcomeKind.Closed, (await sender.SendAsync(SendingFixture.To(receiver.Url), Stop)).Kind);
        Assert.Equal(1, receiver.Connections);
        Assert.Equal(OutcomeKind.Delivered, (await sender.SendAsync(SendingFixture.To(receiver.Url), Stop)).Kind);
    }

    [Fact]
    public async Task A_stop_abandons_what_has_no_answer_yet()
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), HostileScripts.StaySilent);
        using var sender = fixture.Sender();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        var outcome = await sender.SendAsync(SendingFixture.To(receiver.Url), stop.Token);

        Assert.Equal(OutcomeKind.Abandoned, outcome.Kind);
        Assert.True(outcome.Duration < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task After_a_stop_nothing_is_sent()
    {
        await using var receiver = await ScriptedReceiver.StartAsync(fixture.Pki.Server(), Stop);
        using var sender = fixture.Sender();

        var outcome = await sender.SendAsync(SendingFixture.To(receiver.Url), new CancellationToken(canceled: true));

        Assert.Equal(OutcomeKind.Abandoned, outcome.Kind);
        Assert.Empty(receiver.Requests);
    }

    private static Func<RawConnection, Task> Script(string name) =>
        typeof(HostileScripts).GetMethod(name)!.CreateDelegate<Func<RawConnection, Task>>();

    private async Task<Outcome> SendAsync(Answer answer)
    {
        await using var receiver = await ScriptedReceiver.StartAsync(fixture.Pki.Server(), Stop);
        receiver.Enqueue(answer);
        using var sender = fixture.Sender();
        return await sender.SendAsync(SendingFixture.To(receiver.Url), Stop);
    }

    private async Task AssertFailsAsync(Uri endpoint, OutcomeKind kind, string error)
    {
        using var sender = fixture.Sender();
        var outcome = await sender.SendAsync(SendingFixture.To(endpoint), Stop);
        Assert.Equal((kind, error), (outcome.Kind, outcome.Error));
        Assert.Null(outcome.Status);
    }
}
