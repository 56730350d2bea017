using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Sending;
using Sealpost.Testing;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Sending;

public class TlsTests(SendingFixture fixture) : IClassFixture<SendingFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("receiver.test")]
    [InlineData("a.wild.test")]
    [InlineData("xn--mller-kva.test")]
    public async Task A_certificate_that_names_the_host_is_accepted(string host)
    {
        var certificate = fixture.Pki.Server("127.0.0.1", "receiver.test", "*.wild.test", "xn--mller-kva.test");

        var outcome = await SendAsync(certificate, host);

        Assert.Equal((OutcomeKind.Delivered, null), (outcome.Kind, outcome.Error));
    }

    [Fact]
    public Task A_certificate_for_another_host_is_refused() =>
        AssertRefusedAsync(fixture.Pki.WrongName(), "the endpoint's certificate does not name its host");

    [Fact]
    public Task An_expired_certificate_is_refused() =>
        AssertRefusedAsync(fixture.Pki.Expired(), "the endpoint's certificate has expired");

    [Fact]
    public Task A_certificate_that_is_not_valid_yet_is_refused() =>
        AssertRefusedAsync(fixture.Pki.NotYetValid(), "the endpoint's certificate is not valid yet");

    [Fact]
    public async Task A_client_s_certificate_is_refused()
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.WrongUsage(), HostileScripts.StaySilent);
        using var sender = fixture.Sender();

        var outcome = await sender.SendAsync(SendingFixture.To(receiver.Url), Stop);

        Assert.Equal((OutcomeKind.Tls, "the endpoint's certificate is not meant for a server"), (outcome.Kind, outcome.Error));
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_root_is_refused()
    {
        using var other = new Pki("Another root");

        await AssertRefusedAsync(other.Server(), "the endpoint's certificate comes from an issuer that is not trusted");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task A_certificate_with_the_name_in_its_subject_alone_is_refused(string host)
    {
        var outcome = await SendAsync(fixture.Pki.WithoutSubjectAltName(host), host);

        Assert.Equal((OutcomeKind.Tls, "the endpoint's certificate does not name its host"), (outcome.Kind, outcome.Error));
    }

    [Fact]
    public void The_system_s_roots_stay_trusted_beside_the_operator_s()
    {
        var policy = EndpointTrust.PolicyWith([fixture.Pki.RootFile]);
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);

        Assert.Contains(policy.CustomTrustStore, root => root.Thumbprint == fixture.Pki.Authority.Thumbprint);
        Assert.All(system.Certificates, root => Assert.Contains(root, policy.CustomTrustStore));
    }

    [Fact]
    public void A_file_without_roots_is_named()
    {
        var file = fixture.Pki.WritePem("empty");

        var failure = Assert.Throws<InvalidDataException>(() => EndpointTrust.PolicyWith([file]));

        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_issuer_s_URL_in_a_certificate_is_not_fetched_and_does_not_stall()
    {
        using var trap = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        trap.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        trap.Listen();
        using var intermediate = fixture.Pki.Intermediate();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)trap.LocalEndPoint!).Port}/issuer.crt");
        await using var receiver = RawReceiver.Start(intermediate.WithIssuerUrl(url), HostileScripts.StaySilent);
        using var sender = fixture.Sender();

        var outcome = await sender.SendAsync(SendingFixture.To(receiver.Url), Stop);

        Assert.Equal(OutcomeKind.Tls, outcome.Kind);
        Assert.False(trap.Poll(TimeSpan.Zero, SelectMode.SelectRead));
        Assert.True(outcome.Duration < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task TLS_1_2_and_1_3_are_spoken(SslProtocols version)
    {
        var outcome = await SendAsync(fixture.Pki.Server(), "127.0.0.1", version);

        Assert.Equal(OutcomeKind.Delivered, outcome.Kind);
    }

    [Fact]
    public async Task Where_the_minimum_is_1_3_a_server_of_1_2_is_refused()
    {
        var outcome = await SendAsync(
            fixture.Pki.Server(), "127.0.0.1", SslProtocols.Tls12, SendingFixture.Patient with { TlsProtocols = SslProtocols.Tls13 });

        Assert.Equal((OutcomeKind.Tls, "the TLS handshake failed"), (outcome.Kind, outcome.Error));
    }

    [Fact]
    public async Task A_server_that_chooses_TLS_1_1_is_refused()
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), async connection =>
        {
            await connection.ReadAsync(new byte[2048]);
            // A ServerHello of version 3.2 with ECDHE-RSA-AES128-SHA, an empty session id and no extensions.
            await connection.WriteAsync(new byte[] { 0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2 });
            await connection.WriteAsync(new byte[32]);
            await connection.WriteAsync(new byte[] { 0, 0xc0, 0x13, 0 });
            await connection.HoldAsync();
        });
        using var sender = fixture.Sender();

        var outcome = await sender.SendAsync(SendingFixture.To(receiver.Url), Stop);

        Assert.Equal(OutcomeKind.Tls, outcome.Kind);
    }

    [Fact]
    public async Task A_server_without_TLS_is_refused()
    {
        await using var receiver = RawReceiver.Start(fixture.Pki.Server(), HostileScripts.SpeakPlainHttp);
        using var sender = fixture.Sender();

        var outcome = await sender.SendAsync(SendingFixture.To(receiver.Url), Stop);

        Assert.Equal(OutcomeKind.Tls, outcome.Kind);
    }

    private async Task AssertRefusedAsync(X509Certificate2 certificate, string error)
    {
        var outcome = await SendAsync(certificate, "127.0.0.1");

        Assert.Equal((OutcomeKind.Tls, error), (outcome.Kind, outcome.Error));
    }

    private async Task<Outcome> SendAsync(
        X509Certificate2 certificate, string host, SslProtocols version = SslProtocols.None, SendingOptions? sending = null)
    {
        await using var receiver = await ScriptedReceiver.StartAsync(
            new ReceiverOptions(certificate) { TlsProtocols = version }, Stop);
        using var sender = fixture.Sender((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]), sending: sending);
        var outcome = await sender.SendAsync(SendingFixture.To(receiver.At("/", host)), Stop);
        Assert.Equal(outcome.Succeeded ? 1 : 0, receiver.Requests.Count);
        return outcome;
    }
}
