using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Sealpost.IntegrationTests.Support;

/// <summary>A request written byte by byte: no client library tidies its target or its headers.</summary>
internal static class RawCall
{
    /// <param name="server">Where it goes.</param>
    /// <param name="line">Method and target.</param>
    /// <param name="headers">All of them, <c>Host</c> too; the body's length and the end of the connection are added.</param>
    /// <param name="body">In UTF-8.</param>
    public static Task<RawAnswer> SendAsync(Uri server, string line, IEnumerable<string> headers, string body = "")
    {
        IEnumerable<string> lines = [$"{line} HTTP/1.1", .. headers, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}", "Connection: close", "", body];
        return SendExactlyAsync(server, string.Join("\r\n", lines));
    }

    /// <summary>Sends this and nothing else; the server has to end the connection.</summary>
    public static async Task<RawAnswer> SendExactlyAsync(Uri server, string request)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, cancellation);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return RawAnswer.Parse(await reader.ReadToEndAsync(cancellation));
    }
}

/// <summary>What came back, head and body.</summary>
internal sealed record RawAnswer(int Status, string Head, string Body)
{
    /// <summary>The stable code of a problem; null for anything else.</summary>
    public string? Code
    {
        get
        {
            var (start, end) = (Body.IndexOf('{', StringComparison.Ordinal), Body.LastIndexOf('}'));
            return start >= 0 && end > start && Head.Contains("application/problem+json", StringComparison.Ordinal)
                ? JsonDocument.Parse(Body[start..(end + 1)]).RootElement.GetProperty("code").GetString()
                : null;
        }
    }

    public bool Challenges => Head.Contains("WWW-Authenticate: OAuth realm=\"sealpost\"", StringComparison.Ordinal);

    public static RawAnswer Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return new RawAnswer(int.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture), text[..end], text[(end + 4)..]);
    }
}
