using System.Net.Sockets;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Hosting;

public sealed class ConnectionLimitTests
{
    [Theory]
    [InlineData("SEALPOST_Limits__ConnectionsPerAddress")]
    [InlineData("SEALPOST_Limits__Connections")]
    public async Task A_connection_too_many_is_closed_and_there_is_room_again_when_one_ends(string setting)
    {
        await using var service = await RunningService.StartAsync((setting, "3"));
        var open = new List<TcpClient?>();
        for (var i = 0; i < 3; i++)
        {
            open.Add(await ConnectAsync(service));
            Assert.True(await IsServedAsync(open[i]));
        }

        using var tooMany = await ConnectAsync(service);
        Assert.False(await IsServedAsync(tooMany));

        open[0]!.Dispose();
        await UntilServedAsync(service);
        Assert.True(await IsServedAsync(open[1]));
        open.ForEach(client => client!.Dispose());
    }

    [Fact]
    public async Task The_bound_holds_for_both_ports_together()
    {
        await using var service = await RunningService.StartAsync(("SEALPOST_Limits__ConnectionsPerAddress", "1"));
        using var http = await ConnectAsync(service);
        Assert.True(await IsServedAsync(http));

        using var https = await ConnectAsync(service, service.Host.HttpsUrl.Port);

        // A client that is quiet would be waited for, longer than this.
        Assert.True(https is null || await ReadAsync(https).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken) == 0);
    }

    [Fact]
    public async Task A_trusted_proxy_brings_everybodys_connections_and_has_no_bound_of_its_own()
    {
        await using var service = await RunningService.StartAsync(
            ("SEALPOST_Limits__ConnectionsPerAddress", "1"), ("SEALPOST_Server__TrustedProxies", "127.0.0.0/8"));
        using var first = await ConnectAsync(service);
        using var second = await ConnectAsync(service);

        Assert.True(await IsServedAsync(first));
        Assert.True(await IsServedAsync(second));
    }

    // Null: it was reset before it was made.
    private static async Task<TcpClient?> ConnectAsync(RunningService service, int? port = null)
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port ?? service.Host.HttpUrl.Port, TestContext.Current.CancellationToken);
            return client;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            client.Dispose();
            return null;
        }
    }

    private static async Task<bool> IsServedAsync(TcpClient? client)
    {
        if (client is null)
        {
            return false;
        }

        try
        {
            await client.GetStream().WriteAsync("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return false;
        }

        return await ReadAsync(client) > 0;
    }

    private static async Task<int> ReadAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[4096], TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task UntilServedAsync(RunningService service)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            using var client = await ConnectAsync(service);
            if (await IsServedAsync(client))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Fail("there is no room again");
    }
}
