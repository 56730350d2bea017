using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Hosting;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Hosting;

public sealed class DevelopmentRenewalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_development_certificate_is_made_anew_while_the_service_runs_and_presented_without_a_restart()
    {
        using var folder = new DataFolder();
        var time = new ShiftedTime();
        await using var host = await SealpostHost.StartAsync(new ServeFlags(folder.File("data"), 0, 0, null, [], "Development"), new Dictionary<string, string>(), TextWriter.Null, time);
        var first = await ShownAsync(host);

        time.Shift = TimeSpan.FromDays(336);
        var started = TimeProvider.System.GetTimestamp();
        var now = first;
        while (now.Thumbprint == first.Thumbprint)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "the certificate stays");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
            now = await ShownAsync(host);
        }

        Assert.Equal(first.Issuer, now.Issuer);
        Assert.True(now.NotAfter > first.NotAfter.AddDays(300));
    }

    private static async Task<X509Certificate2> ShownAsync(SealpostHost host)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", host.HttpsUrl.Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        return X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
    }

    // The days pass in a moment, the seconds as ever.
    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
    }
}
