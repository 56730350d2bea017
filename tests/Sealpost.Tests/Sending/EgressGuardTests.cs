using System.Net;
using Sealpost.Sending;

namespace Sealpost.Tests.Sending;

public class EgressGuardTests
{
    private static readonly EgressGuard Production = new(new EgressOptions());

    public static TheoryData<string> Public => [.. EgressAddresses.Public];

    public static TheoryData<string> Denied => [.. EgressAddresses.Denied];

    public static TheoryData<string> Never => [.. EgressAddresses.Never];

    [Theory]
    [MemberData(nameof(Public))]
    public void Production_reaches_a_public_address(string address) =>
        Assert.Equal(EgressVerdict.Allowed, Production.Judge(IPAddress.Parse(address), 443));

    [Theory]
    [MemberData(nameof(Denied))]
    public void Production_does_not_reach_any_other_address(string address) =>
        Assert.Equal(EgressVerdict.AddressDenied, Production.Judge(IPAddress.Parse(address), 443));

    [Theory]
    [MemberData(nameof(Never))]
    public void No_setting_opens_metadata_services_multicast_and_reserved_addresses(string address)
    {
        var everything = Guard("0.0.0.0/0", "::/0", "169.254.0.0/16", "fe80::/10", "::ffff:0:0/96");

        Assert.Equal(EgressVerdict.AddressDenied, everything.Judge(IPAddress.Parse(address), 443));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("64:ff9b::127.0.0.1", false)]
    [InlineData("::2", false)]
    public void An_allowed_network_opens_itself_and_nothing_else(string address, bool allowed)
    {
        var development = Guard("127.0.0.0/8", "::1/128");

        var verdict = development.Judge(IPAddress.Parse(address), 443);

        Assert.Equal(allowed ? EgressVerdict.Allowed : EgressVerdict.AddressDenied, verdict);
    }

    [Theory]
    [InlineData("64:ff9b::8.8.8.8", true)]
    [InlineData("64:ff9b::10.0.0.1", false)]
    [InlineData("64:ff9b::127.0.0.1", false)]
    public void Behind_an_allowed_translator_the_address_inside_is_judged(string address, bool allowed)
    {
        var verdict = Guard("64:ff9b::/96").Judge(IPAddress.Parse(address), 443);

        Assert.Equal(allowed ? EgressVerdict.Allowed : EgressVerdict.AddressDenied, verdict);
    }

    [Theory]
    [InlineData(443, true)]
    [InlineData(8443, true)]
    [InlineData(1024, true)]
    [InlineData(65535, true)]
    [InlineData(1023, false)]
    [InlineData(80, false)]
    [InlineData(22, false)]
    [InlineData(25, false)]
    [InlineData(1, false)]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(65536, false)]
    public void Production_reaches_the_ports_of_the_web_and_those_above_1023(int port, bool allowed)
    {
        var verdict = Production.Judge(IPAddress.Parse("8.8.8.8"), port);

        Assert.Equal(allowed ? EgressVerdict.Allowed : EgressVerdict.PortDenied, verdict);
    }

    [Theory]
    [InlineData("127.0.0.1", 8443, false)]
    [InlineData("::ffff:127.0.0.1", 8443, false)]
    [InlineData("127.0.0.1", 8444, true)]
    public void The_process_does_not_call_itself_where_it_is_told_not_to(string address, int port, bool allowed)
    {
        var options = new EgressOptions { AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")] };
        var own = new OwnAddresses();
        own.Set([new IPEndPoint(IPAddress.Loopback, 8443)], []);
        var guard = new EgressGuard(options, own);

        var verdict = guard.Judge(IPAddress.Parse(address), port);

        Assert.Equal(allowed ? EgressVerdict.Allowed : EgressVerdict.AddressDenied, verdict);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.")]
    [InlineData("app.localhost")]
    [InlineData("printer.local")]
    [InlineData("db.corp.internal")]
    [InlineData("metadata.google.internal")]
    [InlineData("intranet")]
    [InlineData("intranet.")]
    public void Production_refuses_names_that_cannot_be_public(string host) =>
        Assert.Equal(EgressVerdict.NameDenied, Production.JudgeName(host));

    [Theory]
    [InlineData("example.com")]
    [InlineData("example.com.")]
    [InlineData("local.example.com")]
    [InlineData("notlocal")]
    public void An_allowed_network_may_have_names_of_any_kind(string host) =>
        Assert.Equal(EgressVerdict.Allowed, Guard("127.0.0.0/8").JudgeName(host));

    [Fact]
    public void A_metadata_service_s_name_is_refused_whatever_is_allowed() =>
        Assert.Equal(EgressVerdict.NameDenied, Guard("127.0.0.0/8").JudgeName("metadata.google.internal."));

    private static EgressGuard Guard(params string[] networks) =>
        new(new EgressOptions { AllowedNetworks = [.. networks.Select(network => IPNetwork.Parse(network))] });
}
