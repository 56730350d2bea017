using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sealpost.Sending;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Sending;

public class EgressTests(SendingFixture fixture) : IClassFixture<SendingFixture>
{
    private static readonly IPAddress Allowed = IPAddress.Parse("127.0.0.2");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private EgressOptions Production => new() { TrustedRoots = [fixture.Pki.RootFile] };

    private EgressOptions OnlyAllowed => Production with { AllowedNetworks = [new IPNetwork(Allowed, 32)] };

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[fe80::1%251]")]
    [InlineData("localhost")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("\uff11\uff12\uff17.0.0.1")]
    [InlineData("127\u30020\u30020\u30021")]
    public async Task In_Production_no_spelling_of_a_private_address_is_reached(string host)
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), HostileScripts.StaySilent);

        var outcome = await SendAsync(new Uri($"https://{host}:{receiver.Port}/"), Production, Answers(IPAddress.Loopback));

        Assert.Equal(OutcomeKind.EgressDenied, outcome.Kind);
        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task In_Production_a_private_address_is_not_reached_whatever_name_leads_to_it()
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server("inside.example.com"), HostileScripts.StaySilent);

        var outcome = await SendAsync(
            new Uri($"https://inside.example.com:{receiver.Port}/"), Production, Answers(IPAddress.Loopback));

        Assert.Equal((OutcomeKind.EgressDenied, "the endpoint's address is not allowed"), (outcome.Kind, outcome.Error));
        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task One_denied_answer_among_allowed_ones_denies_the_name()
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server("mixed.test"), HostileScripts.StaySilent, Allowed);

        var outcome = await SendAsync(
            new Uri($"https://mixed.test:{receiver.Port}/"), OnlyAllowed, Answers(Allowed, IPAddress.Loopback));

        Assert.Equal(OutcomeKind.EgressDenied, outcome.Kind);
        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task A_name_that_turns_to_a_denied_address_is_denied_and_is_asked_once_for_each_connection()
    {
        await using var inside = RawReceiver.Start(fixture.Pki.Server("turning.test"), HostileScripts.StaySilent);
        await using var outside = await ScriptedReceiver.StartAsync(
            new ReceiverOptions(fixture.Pki.Server("turning.test")) { Address = Allowed, Port = inside.Port, Protocols = HttpProtocols.Http1 },
            Stop);
        outside.Answering = _ => new Answer { Headers = new Dictionary<string, string> { ["Connection"] = "close" } };
        var asked = 0;
        using var sender = fixture.Sender(
            (_, _) => Task.FromResult<IPAddress[]>(asked++ == 0 ? [Allowed] : [IPAddress.Loopback]), OnlyAllowed);
        var attempt = SendingFixture.To(new Uri($"https://turning.test:{inside.Port}/"));

        Assert.Equal(OutcomeKind.Delivered, (await sender.SendAsync(attempt, Stop)).Kind);
        Assert.Equal(1, asked);
        Assert.Equal(OutcomeKind.EgressDenied, (await sender.SendAsync(attempt, Stop)).Kind);
        Assert.Equal(2, asked);
        Assert.Equal(0, inside.Connections);
    }

    [Fact]
    public async Task A_port_outside_the_allowed_ones_is_not_reached()
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), HostileScripts.StaySilent);
        var egress = fixture.Loopback with { AllowedPorts = [new PortRange(443, 443)] };

        var outcome = await SendAsync(receiver.Url, egress, Answers());

        Assert.Equal((OutcomeKind.EgressDenied, "the endpoint's port is not allowed"), (outcome.Kind, outcome.Error));
        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task The_next_address_is_tried_where_one_refuses()
    {
        await using var receiver = await ScriptedReceiver.StartAsync(
            new ReceiverOptions(fixture.Pki.Server("three.test")) { Address = Allowed }, Stop);
        var answers = Answers(IPAddress.Parse("127.0.0.3"), IPAddress.IPv6Loopback, Allowed);

        var outcome = await SendAsync(receiver.At("/", "three.test"), fixture.Loopback, answers);

        Assert.Equal(OutcomeKind.Delivered, outcome.Kind);
    }

    private static HostLookup Answers(params IPAddress[] addresses) => (_, _) => Task.FromResult(addresses);

    private async Task<Outcome> SendAsync(Uri endpoint, EgressOptions egress, HostLookup lookup)
    {
        using var sender = fixture.Sender(lookup, egress);
        return await sender.SendAsync(SendingFixture.To(endpoint), Stop);
    }
}
