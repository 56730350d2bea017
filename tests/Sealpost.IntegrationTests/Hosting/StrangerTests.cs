using System.Net.Security;
using System.Net.Sockets;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Hosting;

/// <summary>What anybody can send without a token.</summary>
public sealed class StrangerTests
{
    private const int Resets = 20_000;
    private const byte Headers = 1, Reset = 3, Settings = 4, GoAway = 7;
    private const byte EndOfStreamAndHeaders = 5;

    // GET https://x/health/ready, from the static table.
    private static readonly byte[] Request = [0x82, 0x87, 0x41, 1, (byte)'x', 0x04, 13, .. "/health/ready"u8];

    [Theory]
    [InlineData(9 * 1024, 0, 414)]
    [InlineData(0, 33 * 1024, 431)]
    public async Task A_request_line_or_headers_larger_than_any_of_ours_are_refused(int target, int header, int status)
    {
        await using var service = await RunningService.StartAsync();

        var answer = await RawCall.SendExactlyAsync(
            service.Host.HttpUrl, $"GET /{new string('a', target)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-A: {new string('a', header)}\r\n\r\n");

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task A_flood_of_requests_that_are_reset_at_once_is_cut_off_and_holds_nobody_else_up()
    {
        await using var service = await RunningService.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", service.Host.HttpsUrl.Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2] }, TestContext.Current.CancellationToken);

        var end = EndAsync(tls);
        await FloodAsync(tls);

        Assert.Equal(200, (await service.CallAsync("GET", "/health/ready")).Status);
        Assert.True(await end.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken), "the connection was not told to go away");
    }

    private static async Task FloodAsync(SslStream tls)
    {
        var flood = new MemoryStream();
        flood.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Frame(flood, Settings, 0, 0, []);
        for (var stream = 1; stream < 2 * Resets; stream += 2)
        {
            Frame(flood, Headers, EndOfStreamAndHeaders, stream, Request);
            Frame(flood, Reset, 0, stream, [0, 0, 0, 8]);
        }

        try
        {
            await tls.WriteAsync(flood.ToArray(), TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Cut off in the middle of it.
        }
    }

    private static void Frame(MemoryStream to, byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        to.Write([0, 0, (byte)payload.Length, type, flags, (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream]);
        to.Write(payload);
    }

    // Reads frames to the end; whether one of them said to go away, or the connection was simply ended.
    private static async Task<bool> EndAsync(SslStream tls)
    {
        var head = new byte[9];
        try
        {
            while (true)
            {
                await tls.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
                await tls.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]], TestContext.Current.CancellationToken);
                if (head[3] == GoAway)
                {
                    return true;
                }
            }
        }
        catch (IOException)
        {
            return true;
        }
    }
}
