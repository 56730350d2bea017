using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Dispatch;
using Sealpost.Sending;

namespace Sealpost.Tests.Sending;

public sealed class OutgoingHandlerTests : IDisposable
{
    private readonly SocketsHttpHandler _handler;

    public OutgoingHandlerTests()
    {
        var sending = new SendingOptions { ConnectTimeout = TimeSpan.FromSeconds(3) };
        var egress = new EgressOptions();
        var connector = new GuardedConnector(
            new EgressGuard(egress), new SystemHostLookup().FindAsync, sending.ConnectTimeout, TimeProvider.System);
        _handler = OutgoingHandler.Create(
            connector, sending, egress, new DispatchOptions { OriginConcurrency = 7 }, TimeProvider.System);
    }

    [Fact]
    public void Nothing_stands_between_us_and_the_endpoint_and_nothing_is_remembered()
    {
        Assert.False(_handler.UseProxy);
        Assert.False(_handler.AllowAutoRedirect);
        Assert.False(_handler.UseCookies);
        Assert.False(_handler.PreAuthenticate);
        Assert.Null(_handler.ActivityHeadersPropagator);
        Assert.Equal(DecompressionMethods.None, _handler.AutomaticDecompression);
    }

    [Fact]
    public void The_limits_are_the_settings()
    {
        Assert.Equal(TimeSpan.FromSeconds(3), _handler.ConnectTimeout);
        Assert.Equal(7, _handler.MaxConnectionsPerServer);
        Assert.Equal(0, _handler.MaxResponseDrainSize);
        Assert.False(_handler.EnableMultipleHttp2Connections);
    }

    [Fact]
    public void TLS_1_2_and_1_3_are_offered_whatever_the_system_would_allow() =>
        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, _handler.SslOptions.EnabledSslProtocols);

    [Fact]
    public void Nothing_is_fetched_to_judge_a_certificate()
    {
        var policy = _handler.SslOptions.CertificateChainPolicy!;

        Assert.True(policy.DisableCertificateDownloads);
        Assert.Equal(X509RevocationMode.NoCheck, policy.RevocationMode);
        Assert.Equal(X509ChainTrustMode.System, policy.TrustMode);
    }

    public void Dispose() => _handler.Dispose();
}
