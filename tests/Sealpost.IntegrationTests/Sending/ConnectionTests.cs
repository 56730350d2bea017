using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sealpost.Sending;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Sending;

public class ConnectionTests(SendingFixture fixture) : IClassFixture<SendingFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpProtocols.Http1AndHttp2, "HTTP/2")]
    [InlineData(HttpProtocols.Http2, "HTTP/2")]
    [InlineData(HttpProtocols.Http1, "HTTP/1.1")]
    public async Task HTTP_2_is_spoken_where_it_is_offered_and_HTTP_1_1_elsewhere(HttpProtocols offered, string spoken)
    {
        var requests = await SendAsync(offered, 3, new Answer());

        Assert.All(requests, request => Assert.Equal(spoken, request.Protocol));
        Assert.Single(requests.Select(request => request.ConnectionId).Distinct());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Outcome.MaxResponseBytes)]
    public async Task A_body_read_to_its_end_leaves_the_connection_usable(int length)
    {
        var requests = await SendAsync(HttpProtocols.Http1, 3, new Answer { Body = new byte[length] });

        Assert.Single(requests.Select(request => request.ConnectionId).Distinct());
    }

    [Fact]
    public async Task A_longer_body_costs_the_connection()
    {
        var requests = await SendAsync(HttpProtocols.Http1, 3, new Answer { Body = new byte[2 * Outcome.MaxResponseBytes] });

        Assert.Equal(3, requests.Select(request => request.ConnectionId).Distinct().Count());
    }

    [Fact]
    public async Task A_slow_body_costs_the_connection()
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), HostileScripts.DripBody);
        using var sender = fixture.Sender();

        await sender.SendAsync(SendingFixture.To(receiver.Url), Stop);
        await sender.SendAsync(SendingFixture.To(receiver.Url), Stop);

        Assert.Equal(2, receiver.Connections);
    }

    [Fact]
    public async Task A_failure_status_with_a_short_body_leaves_the_connection_usable()
    {
        var requests = await SendAsync(HttpProtocols.Http1, 3, new Answer(503) { Body = Encoding.UTF8.GetBytes("busy") });

        Assert.Single(requests.Select(request => request.ConnectionId).Distinct());
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, 64)]
    [InlineData(HttpProtocols.Http2, 1)]
    public async Task Sixty_four_at_once_to_one_origin_share_the_connections_they_may(HttpProtocols protocols, int most)
    {
        await using var receiver = await ReceiverAsync(protocols);
        receiver.Answering = _ => new Answer { Delay = TimeSpan.FromMilliseconds(20) };
        using var sender = fixture.Sender();

        for (var round = 0; round < 5; round++)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(
                _ => sender.SendAsync(SendingFixture.To(receiver.Url), Stop).AsTask()));
            Assert.All(outcomes, outcome => Assert.Equal(OutcomeKind.Delivered, outcome.Kind));
        }

        Assert.InRange(receiver.Requests.Select(request => request.ConnectionId).Distinct().Count(), 1, most);
        Assert.Equal(320, receiver.Requests.Count);
    }

    private async Task<IReadOnlyList<ReceivedRequest>> SendAsync(HttpProtocols protocols, int times, Answer answer)
    {
        await using var receiver = await ReceiverAsync(protocols);
        receiver.Answering = _ => answer;
        using var sender = fixture.Sender();
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(answer.Status, (await sender.SendAsync(SendingFixture.To(receiver.Url), Stop)).Status);
        }

        return receiver.Requests;
    }

    private Task<ScriptedReceiver> ReceiverAsync(HttpProtocols protocols) =>
        ScriptedReceiver.StartAsync(new ReceiverOptions(fixture.Pki.Server()) { Protocols = protocols }, Stop);
}
