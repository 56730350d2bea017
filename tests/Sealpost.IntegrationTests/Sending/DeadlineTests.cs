using System.Net;
using Sealpost.Sending;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Sending;

public class DeadlineTests(SendingFixture fixture) : IClassFixture<SendingFixture>
{
    /// <summary>How late a deadline may be seen to hold on a busy machine.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The runtime's timers count in ticks of the kernel's coarse clock, 4 to 10 ms each: one that began late in a tick is early by as much,
    /// and by a millisecond of rounding.
    /// </summary>
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(12);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(HostileScripts.StallBeforeHandshake))]
    [InlineData(nameof(HostileScripts.StallInHandshake))]
    [InlineData(nameof(HostileScripts.DripHandshake))]
    public async Task A_handshake_that_does_not_end_is_a_connect_timeout(string script)
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), Script(script));

        var outcome = await SendAsync(receiver.Url);

        Assert.Equal(OutcomeKind.ConnectTimeout, outcome.Kind);
        AssertTook(outcome, SendingFixture.Quick.ConnectTimeout, SendingFixture.Quick.ConnectTimeout);
        Assert.Null(outcome.ResponseTime);
    }

    [Fact]
    public async Task A_name_server_that_does_not_answer_is_a_connect_timeout()
    {
        using var sender = fixture.Sender(
            async (_, cancel) =>
            {
                await Task.Delay(Timeout.Infinite, cancel);
                return [];
            },
            sending: SendingFixture.Quick);

        var outcome = await sender.SendAsync(SendingFixture.To(new Uri("https://silent.test:8443/")), Stop);

        Assert.Equal(OutcomeKind.ConnectTimeout, outcome.Kind);
        AssertTook(outcome, SendingFixture.Quick.ConnectTimeout, SendingFixture.Quick.ConnectTimeout);
    }

    [Theory]
    [InlineData(nameof(HostileScripts.StaySilent))]
    [InlineData(nameof(HostileScripts.DripStatusLine))]
    [InlineData(nameof(HostileScripts.DripHeaders))]
    [InlineData(nameof(HostileScripts.StormInformational))]
    public async Task An_answer_that_does_not_come_whole_is_a_read_timeout(string script)
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), Script(script));

        var outcome = await SendAsync(receiver.Url);

        Assert.Equal(OutcomeKind.ReadTimeout, outcome.Kind);
        AssertTook(outcome, SendingFixture.Quick.ResponseTimeout, Both);
        Assert.Null(outcome.Status);
    }

    [Fact]
    public async Task A_peer_that_never_reads_is_a_read_timeout()
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), HostileScripts.NeverRead);

        var outcome = await SendAsync(receiver.Url, new string('x', 16 << 20));

        Assert.Equal(OutcomeKind.ReadTimeout, outcome.Kind);
        Assert.Equal("the endpoint did not take the request within the response timeout", outcome.Error);
        AssertTook(outcome, SendingFixture.Quick.ResponseTimeout, Both);
    }

    [Fact]
    public async Task Over_HTTP_2_a_silent_endpoint_is_a_read_timeout_too()
    {
        await using var receiver = await ScriptedReceiver.StartAsync(fixture.Pki.Server(), Stop);
        receiver.Answering = _ => new Answer { Delay = TimeSpan.FromSeconds(20) };

        var outcome = await SendAsync(receiver.Url);

        Assert.Equal(OutcomeKind.ReadTimeout, outcome.Kind);
        Assert.Equal("HTTP/2", Assert.Single(receiver.Requests).Protocol);
        AssertTook(outcome, SendingFixture.Quick.ResponseTimeout, Both);
    }

    [Theory]
    [InlineData(nameof(HostileScripts.EndlessBody))]
    [InlineData(nameof(HostileScripts.DripBody))]
    public async Task A_body_decides_nothing_and_is_not_waited_for(string script)
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), Script(script));
        using var sender = fixture.Sender();

        var outcome = await sender.SendAsync(SendingFixture.To(receiver.Url), Stop);

        Assert.Equal(OutcomeKind.Delivered, outcome.Kind);
        Assert.InRange(outcome.Response.Length, 1, Outcome.MaxResponseBytes);
        Assert.True(outcome.Duration - outcome.ResponseTime < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Many_who_wait_for_the_same_hanging_endpoint_wait_no_longer_than_one()
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), HostileScripts.StallBeforeHandshake);
        using var sender = fixture.Sender(SendingFixture.Quick);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(
            _ => sender.SendAsync(SendingFixture.To(receiver.Url), Stop).AsTask()));

        Assert.All(outcomes, outcome =>
        {
            Assert.Equal(OutcomeKind.ConnectTimeout, outcome.Kind);
            AssertTook(outcome, SendingFixture.Quick.ConnectTimeout, SendingFixture.Quick.ConnectTimeout);
        });
    }

    [Fact]
    public async Task By_default_connecting_and_answering_have_five_seconds_each()
    {
        await using var unconnected = RawReceiver.Start(fixture.Pki.Server(), HostileScripts.StallBeforeHandshake);
        await using var silent = RawReceiver.Start(fixture.Pki.Server(), HostileScripts.StaySilent);
        using var sender = fixture.Sender(new SendingOptions());

        var connecting = sender.SendAsync(SendingFixture.To(unconnected.Url), Stop).AsTask();
        var answering = sender.SendAsync(SendingFixture.To(silent.Url), Stop).AsTask();
        var outcomes = await Task.WhenAll(connecting, answering);

        Assert.Equal([OutcomeKind.ConnectTimeout, OutcomeKind.ReadTimeout], outcomes.Select(outcome => outcome.Kind));
        Assert.All(outcomes, outcome => AssertTook(outcome, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)));
    }

    /// <summary>With the default timeout: shorter ones end a connection whatever the platform is told.</summary>
    [Fact]
    public async Task A_connection_that_is_being_opened_ends_with_the_attempt_that_wanted_it()
    {
        var left = new TaskCompletionSource();
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), async connection =>
        {
            await HostileScripts.StallInHandshake(connection);
            left.TrySetResult();
        });
        using var sender = fixture.Sender(new SendingOptions());

        var outcome = await sender.SendAsync(SendingFixture.To(receiver.Url), Stop);

        Assert.Equal(OutcomeKind.ConnectTimeout, outcome.Kind);
        await left.Task.WaitAsync(Slack, Stop);
    }

    [Fact]
    public async Task An_answer_shortly_before_the_deadline_is_in_time()
    {
        await using var receiver = await ScriptedReceiver.StartAsync(fixture.Pki.Server(), Stop);
        receiver.Enqueue(new Answer(), new Answer { Delay = TimeSpan.FromMilliseconds(1000) });
        using var sender = fixture.Sender(SendingFixture.Patient with { ResponseTimeout = TimeSpan.FromSeconds(3) });
        await sender.SendAsync(SendingFixture.To(receiver.Url), Stop);

        var outcome = await sender.SendAsync(SendingFixture.To(receiver.Url), Stop);

        Assert.Equal(OutcomeKind.Delivered, outcome.Kind);
        Assert.InRange(outcome.ResponseTime!.Value, TimeSpan.FromMilliseconds(950), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_silent_first_address_leaves_time_for_the_second()
    {
        using var hole = new TcpHole();
        await using var receiver = await ScriptedReceiver.StartAsync(
            new ReceiverOptions(fixture.Pki.Server("both.test")) { Address = IPAddress.Parse("127.0.0.3"), Port = hole.Port }, Stop);
        using var sender = fixture.Sender(
            (_, _) => Task.FromResult<IPAddress[]>([hole.Address, IPAddress.Parse("127.0.0.3")]),
            sending: SendingFixture.Patient with { ConnectTimeout = TimeSpan.FromSeconds(4) });

        var outcome = await sender.SendAsync(SendingFixture.To(receiver.At("/", "both.test")), Stop);

        Assert.Equal(OutcomeKind.Delivered, outcome.Kind);
        Assert.InRange(outcome.Duration, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(4));
    }

    private static TimeSpan Both => SendingFixture.Quick.ConnectTimeout + SendingFixture.Quick.ResponseTimeout;

    private static void AssertTook(Outcome outcome, TimeSpan least, TimeSpan most) =>
        Assert.InRange(outcome.Duration, least - Grain, most + Slack);

    private static Func<RawConnection, Task> Script(string name) =>
        typeof(HostileScripts).GetMethod(name)!.CreateDelegate<Func<RawConnection, Task>>();

    private async Task<Outcome> SendAsync(Uri endpoint, string body = "{}")
    {
        using var sender = fixture.Sender(SendingFixture.Quick);
        return await sender.SendAsync(SendingFixture.To(endpoint, body), Stop);
    }
}
