using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sealpost.Testing.Certificates;
using Sealpost.Testing.Receivers;
using Sealpost.Testing.Tls;

namespace Sealpost.IntegrationTests.Mtls.Tls;

/// <summary>Every kind of TLS endpoint by every route.</summary>
public sealed class TlsMatrixTests(TlsService service) : IClassFixture<TlsService>
{
    private static readonly Dictionary<string, TlsCase> Cases = TlsCases.All.ToDictionary(one => one.Name, StringComparer.Ordinal);

    public static TheoryData<string, TlsRoute> Matrix { get; } = new(
        Cases.Keys.SelectMany(_ => Enum.GetValues<TlsRoute>(), (name, route) => (name, route)));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task A_request_ends_as_the_endpoint_deserves(string name, TlsRoute route)
    {
        var one = Cases[name];
        Assert.SkipUnless(OpenSslServer.IsInstalled || !one.NeedsOpenSsl, "openssl is not installed");
        await using var server = await one.StartAsync(service.Authorities, Cancellation);
        var pause = one.Presented == ClientPresented.Expired ? TlsAuthorities.ShortLife : TimeSpan.Zero;

        var end = await service.SendAsync(server.Url, route, service.Authorities.P12Of(one.Presented), pause);

        Assert.Contains(end, one.On(route) == TlsEnd.Closed ? TlsEnd.DemandedInVain : [one.On(route)]);
        Assert.Equal(end == TlsEnd.Delivered ? 1 : 0, server.Requests);
    }

    [Theory]
    [InlineData(TlsRoute.Direct)]
    [InlineData(TlsRoute.Forward)]
    [InlineData(TlsRoute.Mtls)]
    public async Task The_issuer_s_URL_in_the_endpoint_s_certificate_is_not_fetched(TlsRoute route)
    {
        using var trap = new Trap();
        using var intermediate = service.Authorities.Trusted.Intermediate();
        await using var server = RawReceiver.Start(intermediate.WithIssuerUrl(trap.Url), HostileScripts.StaySilent);

        var end = await service.SendAsync(server.Url, route, service.Authorities.P12Of(ClientPresented.Sound), TimeSpan.Zero);

        Assert.Equal(TlsEnd.Tls("the endpoint's certificate comes from an issuer that is not trusted"), end);
        Assert.False(trap.WasVisited);
    }

    [Theory]
    [InlineData(TlsRoute.Forward)]
    [InlineData(TlsRoute.Mtls)]
    public async Task The_issuer_s_URL_in_a_client_certificate_is_not_fetched(TlsRoute route)
    {
        using var trap = new Trap();
        using var intermediate = service.Authorities.Clients.Intermediate();
        await using var server = await ScriptedReceiver.StartAsync(
            new ReceiverOptions(service.Authorities.Trusted.Server()) { ClientCertificates = ClientCertificateMode.RequireCertificate }, Cancellation);

        var end = await service.SendAsync(server.Url, route, P12Files.Of(intermediate.ClientWithIssuerUrl(trap.Url)), TimeSpan.Zero);

        Assert.Equal(TlsEnd.Delivered, end);
        Assert.False(trap.WasVisited);
    }

    /// <summary>A local address that a certificate may say its issuer can be fetched from.</summary>
    private sealed class Trap : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public Trap()
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _socket.Listen();
            Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port}/issuer.crt");
        }

        public Uri Url { get; }

        public bool WasVisited => _socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

        public void Dispose() => _socket.Dispose();
    }
}
