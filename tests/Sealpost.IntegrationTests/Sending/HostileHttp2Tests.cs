using System.Net.Security;
using Sealpost.Sending;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Sending;

/// <summary>Endpoints that choose HTTP/2 and then do with its frames what they like (RFC 9113).</summary>
public class HostileHttp2Tests(SendingFixture fixture) : IClassFixture<SendingFixture>
{
    private static readonly byte[] EmptySettings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    private static readonly byte[] NoStreams = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0];
    private static readonly byte[] NoWindow = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0];
    private static readonly byte[] CancelFirstStream = [0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8];
    private static readonly byte[] GoAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] Ping = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];

    /// <summary>All deadlines together, and time for a busy machine.</summary>
    private static readonly TimeSpan Most =
        SendingFixture.Quick.ConnectTimeout + (2 * SendingFixture.Quick.ResponseTimeout) + TimeSpan.FromSeconds(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silence_after_the_handshake_is_a_timeout()
    {
        var outcome = await SendAsync(connection => connection.HoldAsync());

        Assert.True(outcome.Kind is OutcomeKind.ConnectTimeout or OutcomeKind.ReadTimeout, outcome.ToString());
    }

    [Fact]
    public async Task A_peer_that_grants_no_stream_is_a_failure()
    {
        var outcome = await SendAsync(async connection =>
        {
            await connection.WriteAsync(NoStreams);
            await connection.HoldAsync();
        });

        Assert.False(outcome.Succeeded);
    }

    [Fact]
    public async Task A_peer_that_grants_no_window_is_a_read_timeout()
    {
        var outcome = await SendAsync(async connection =>
        {
            await connection.WriteAsync(NoWindow);
            await connection.HoldAsync();
        });

        Assert.Equal(OutcomeKind.ReadTimeout, outcome.Kind);
    }

    [Fact]
    public async Task A_storm_of_pings_does_not_move_the_deadline()
    {
        var outcome = await SendAsync(async connection =>
        {
            await connection.WriteAsync(EmptySettings);
            while (true)
            {
                await connection.WriteAsync(Ping);
                await Task.Delay(TimeSpan.FromMilliseconds(5), connection.Closing);
            }
        });

        Assert.Equal(OutcomeKind.ReadTimeout, outcome.Kind);
    }

    [Fact]
    public async Task A_stream_reset_before_an_answer_is_closed()
    {
        var outcome = await SendAsync(async connection =>
        {
            await connection.WriteAsync(EmptySettings);
            await ReadUntilRequestAsync(connection);
            await connection.WriteAsync(CancelFirstStream);
            await connection.HoldAsync();
        });

        Assert.Equal(OutcomeKind.Closed, outcome.Kind);
    }

    [Fact]
    public async Task A_peer_that_goes_away_each_time_is_a_failure_after_a_bounded_number_of_connections()
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), async connection =>
        {
            await connection.SecureAsync(SslApplicationProtocol.Http2);
            await connection.WriteAsync(EmptySettings);
            await ReadUntilRequestAsync(connection);
            await connection.WriteAsync(GoAway);
            await connection.HoldAsync();
        });
        using var sender = fixture.Sender();

        var outcome = await sender.SendAsync(SendingFixture.To(receiver.Url), Stop);

        Assert.Equal(OutcomeKind.Closed, outcome.Kind);
        Assert.InRange(receiver.Connections, 1, 6);
    }

    [Fact]
    public async Task What_is_not_HTTP_2_is_an_invalid_response()
    {
        var outcome = await SendAsync(async connection =>
        {
            await connection.WriteAsync(EmptySettings);
            await ReadUntilRequestAsync(connection);
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            await connection.HoldAsync();
        });

        Assert.Equal(OutcomeKind.InvalidResponse, outcome.Kind);
    }

    /// <summary>The preface and the settings are shorter than the headers that follow.</summary>
    private static async Task ReadUntilRequestAsync(RawConnection connection)
    {
        var buffer = new byte[4096];
        for (var read = 0; read < 150;)
        {
            read += await connection.ReadAsync(buffer);
        }
    }

    private async Task<Outcome> SendAsync(Func<RawConnection, Task> script)
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), async connection =>
        {
            await connection.SecureAsync(SslApplicationProtocol.Http2);
            await script(connection);
        });
        using var sender = fixture.Sender(SendingFixture.Quick);
        var outcome = await sender.SendAsync(SendingFixture.To(receiver.Url), Stop);
        Assert.True(outcome.Duration < Most, outcome.ToString());
        return outcome;
    }
}
