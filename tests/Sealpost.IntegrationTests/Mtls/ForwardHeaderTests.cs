using Sealpost.IntegrationTests.Support;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Mtls;

/// <summary>What stands on the wire on both sides of the forward.</summary>
public sealed class ForwardHeaderTests
{
    [Fact]
    public async Task The_endpoint_gets_these_bytes_and_no_others()
    {
        await using var calls = await ForwardCalls.StartAsync();
        var received = new TaskCompletionSource<string>();
        await using var receiver = Recording(calls, received, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        var head = calls.Head(
            "POST",
            [
                $"LP-forward-url: {receiver.Url}in",
                "LP-service-name: WEBHOOKS",
                "LP-authorization-override: Bearer of-the-endpoint",
                "LP-invented: x",
                "lp-lower: x",
                "Content-Type: application/json",
                "Content-Language: de",
                "x-liveperson-signature: sha1=abc",
                "X-Sealpost-Attempt: 2",
                "Cookie: a=b; c=d",
                "Accept-Encoding: br;q=1.0, gzip",
                "X-Words: gr\u00fc\u00dfe",
                "User-Agent: mine/1",
                "Keep-Alive: 5",
                "TE: trailers",
                "Trailer: X-T",
                "Upgrade: websocket",
                "HTTP2-Settings: AAMAAABkAAQAAP__",
                "Proxy-Authorization: Basic x",
                "Proxy-Connection: x",
                "Forwarded: for=1.1.1.1",
                "X-Forwarded-For: 1.1.1.1",
                "X-Forwarded-Anything: x",
                "Via: 1.0 other",
                "Connection: close",
                "Content-Length: 2",
            ]);
        var answer = await RawCall.SendExactlyAsync(calls.Service.Client.BaseAddress!, string.Join("\r\n", head) + "\r\n\r\n{}");

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            [
                "POST /in HTTP/1.1",
                "Accept-Encoding: br; q=1.0, gzip",
                "Authorization: Bearer of-the-endpoint",
                "Content-Language: de",
                "Content-Length: 2",
                "Content-Type: application/json",
                "Cookie: a=b; c=d",
                $"Host: 127.0.0.1:{receiver.Port}",
                "User-Agent: mine/1",
                "Via: 1.1 sealpost-mtls",
                "X-Sealpost-Attempt: 2",
                "X-Words: gr\u00c3\u00bc\u00c3\u009fe",
                "x-liveperson-signature: sha1=abc",
            ],
            Sorted(await received.Task).Select(line => line.Replace("br;q", "br; q", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_the_connection_header_names_stays_here_and_takes_nothing_of_ours_along()
    {
        await using var calls = await ForwardCalls.StartAsync();

        var answer = await calls.PostAsync(
            calls.Endpoint.OriginalString,
            headers: [("Connection", "X-Named, LP-forward-url"), ("Connection", "x-also-named"), ("X-Named", "x"), ("X-Also-Named", "x"), ("X-Other", "x")]);

        Assert.Equal(200, answer.Status);
        var request = Assert.Single(calls.Service.Receiver.Requests);
        Assert.Equal(("x", null, null, null), (request["X-Other"], request["X-Named"], request["X-Also-Named"], request["LP-forward-url"]));
    }

    [Fact]
    public async Task A_request_without_a_body_goes_out_without_a_length()
    {
        await using var calls = await ForwardCalls.StartAsync();
        var received = new TaskCompletionSource<string>();
        await using var receiver = Recording(calls, received, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", hasLength: false);

        await calls.SendAsync(calls.Forward("GET", receiver.Url.OriginalString));

        Assert.Equal(["GET / HTTP/1.1", $"Host: 127.0.0.1:{receiver.Port}", "Via: 1.1 sealpost-mtls"], Sorted(await received.Task));
    }

    [Fact]
    public async Task The_caller_gets_the_endpoints_answer_without_what_is_about_one_hop_or_pretends_to_be_ours()
    {
        await using var calls = await ForwardCalls.StartAsync();
        await using var receiver = Recording(calls, new TaskCompletionSource<string>(), string.Join("\r\n",
        [
            "HTTP/1.1 207 Multi",
            "Content-Type: text/plain; charset=utf-8",
            "X-Mine: 1",
            "X-Mine: 2",
            "Set-Cookie: a=b",
            "Set-Cookie: c=d",
            "Cache-Control: max-age=5",
            "X-Latin: gr\u00fcn",
            "Server: theirs",
            "Strict-Transport-Security: max-age=1",
            "LP-error-from-transport: tls",
            "lp-message-from-transport: believe me",
            "LP-response-time-from-transport: 999999",
            "LP-status-from-transport: 500",
            "Proxy-Authenticate: Basic",
            "Connection: X-Named, close",
            "X-Named: x",
            "Keep-Alive: timeout=5",
            "Upgrade: h2c",
            "Alt-Svc: h3=\":443\"",
            "Via: 1.1 theirs",
            "Transfer-Encoding: chunked",
            "",
            "3\r\nabc\r\n0\r\n\r\n",
        ]));

        var answer = await calls.RawAsync("POST", [$"LP-forward-url: {receiver.Url}"]);

        Assert.Equal("3\r\nabc\r\n0\r\n\r\n", answer.Body);
        var lines = Sorted(answer.Head + "\r\n").Where(line => !line.StartsWith("Date:", StringComparison.Ordinal)).ToList();
        var time = Assert.Single(lines, line => line.StartsWith("LP-response-time-from-transport: ", StringComparison.Ordinal));
        Assert.NotEqual("999999", time.Split(' ')[1]);
        Assert.Equal(
            [
                "HTTP/1.1 207 Multi-Status",
                "Cache-Control: max-age=5",
                "Connection: close",
                "Content-Type: text/plain; charset=utf-8",
                time,
                "Referrer-Policy: no-referrer",
                "Server: theirs",
                "Set-Cookie: a=b",
                "Set-Cookie: c=d",
                "Transfer-Encoding: chunked",
                "X-Content-Type-Options: nosniff",
                "X-Mine: 1",
                "X-Mine: 2",
            ],
            lines);
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc", 204)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", 304)]
    [InlineData("HTTP/1.1 205 Reset\r\nContent-Length: 3\r\n\r\nabc", 205)]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: https://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", 302)]
    [InlineData("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", 424)]
    [InlineData("HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", 424)]
    [InlineData("not HTTP at all\r\n\r\n", 424)]
    public async Task An_odd_answer_is_no_failure_of_ours(string bytes, int status)
    {
        await using var calls = await ForwardCalls.StartAsync();
        await using var receiver = Recording(calls, new TaskCompletionSource<string>(), bytes);

        var answer = await calls.PostAsync(receiver.Url.OriginalString);

        Assert.Equal(status, answer.Status);
        Assert.NotNull(answer.Header("LP-response-time-from-transport"));
        Assert.Equal(status == 302 ? "https://169.254.169.254/" : null, answer.Header("Location"));
    }

    [Theory]
    [InlineData("Content-Length: 4|Transfer-Encoding: chunked", "0\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding: identity", "", 400)]
    [InlineData("Transfer-Encoding: gzip, chunked, chunked", "0\r\n\r\n", 400)]
    [InlineData("Content-Length: 1|Content-Length: 2", "xx", 400)]
    [InlineData("Content-Length: -1", "", 400)]
    [InlineData("Authorization: OAuth again|Content-Length: 0", "", 400)]
    [InlineData("Host: other|Content-Length: 0", "", 400)]
    [InlineData("X-Folded: a\r\n b|Content-Length: 0", "", 400)]
    [InlineData("X-Nul: a\0b|Content-Length: 0", "", 400)]
    [InlineData("X-Space : a|Content-Length: 0", "", 400)]
    [InlineData("X-Cr: a\rb|Content-Length: 0", "", 400)]
    [InlineData("Transfer-Encoding: chunked", "zz\r\n", 400)]
    public async Task A_request_that_two_servers_could_read_in_two_ways_is_refused(string headers, string body, int status)
    {
        await using var calls = await ForwardCalls.StartAsync();
        var head = calls.Head("POST", [$"LP-forward-url: {calls.Endpoint}", .. headers.Split('|'), "Connection: close"]);

        var answer = await RawCall.SendExactlyAsync(calls.Service.Client.BaseAddress!, string.Join("\r\n", head) + "\r\n\r\n" + body);

        Assert.Equal(status, answer.Status);
        Assert.Empty(calls.Service.Receiver.Requests);
    }

    [Fact]
    public async Task Bare_line_feeds_end_lines_and_hide_no_second_request()
    {
        await using var calls = await ForwardCalls.StartAsync();
        var head = calls.Head("POST", $"LP-forward-url: {calls.Endpoint}", "Content-Length: 0", "Connection: close");

        var answer = await RawCall.SendExactlyAsync(calls.Service.Client.BaseAddress!, string.Join("\n", head) + "\n\n");

        Assert.Equal(200, answer.Status);
        var request = Assert.Single(calls.Service.Receiver.Requests);
        Assert.DoesNotContain(request.Headers, header => header.Key.StartsWith("LP-", StringComparison.OrdinalIgnoreCase));
    }

    // Reads one request, answers it with these bytes and ends the connection.
    private static RawReceiver Recording(ForwardCalls calls, TaskCompletionSource<string> received, string answer, bool hasLength = true) =>
        RawReceiver.Start(calls.Service.Pki.Server(), async connection =>
        {
            await connection.SecureAsync();
            received.TrySetResult(hasLength ? (await connection.ReadRequestAsync()).Head : await HeadAsync(connection));
            await connection.WriteAsync(answer);
        });

    private static async Task<string> HeadAsync(RawConnection connection)
    {
        var head = "";
        var one = new byte[1];
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal) && await connection.ReadAsync(one) == 1)
        {
            head += (char)one[0];
        }

        return head;
    }

    private static IEnumerable<string> Sorted(string head)
    {
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return [lines[0], .. lines[1..].Order(StringComparer.Ordinal)];
    }
}
