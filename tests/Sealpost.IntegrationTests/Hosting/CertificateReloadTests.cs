using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Sealpost.IntegrationTests.Support;
using Sealpost.Testing;

namespace Sealpost.IntegrationTests.Hosting;

/// <summary>The files as certbot and Kubernetes lay them: links into a folder of a version, turned all at once.</summary>
public sealed class CertificateReloadTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Pki _strange = new("nobody's root");
    private readonly DataFolder _files = new();
    private RunningService _service = null!;
    private int _version;

    public async ValueTask InitializeAsync()
    {
        using var first = _strange.Server();
        Turn(first, first);
        File.CreateSymbolicLink(_files.File("tls.crt"), Path.Combine("current", "tls.crt"));
        File.CreateSymbolicLink(_files.File("tls.key"), Path.Combine("current", "tls.key"));
        _service = await RunningService.StartAsync(
            ("SEALPOST_Server__Certificate", _files.File("tls.crt")), ("SEALPOST_Server__CertificateKey", _files.File("tls.key")));
    }

    [Fact]
    public async Task A_turned_link_is_followed_by_new_connections_while_open_ones_stay_and_the_service_still_knows_itself()
    {
        await using var open = await ConnectAsync();
        var before = Shown(open);
        using var second = _strange.Server();

        Turn(second, second);
        await UntilAsync(async () => await ShownAsync() == second.Thumbprint);

        Assert.NotEqual(before, second.Thumbprint);
        await open.WriteAsync("GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(open);
        Assert.StartsWith("HTTP/1.1 200 ", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("[]", await DegradedAsync());

        // A new endpoint's route is asked for over HTTPS at this very process: it is delivered only if the new certificate is its own.
        await _service.InstallAsync("acme");
        await _service.PublishAsync("acme", "c");
        await _service.OnlyDeliveryAsync("acme", "delivered");
    }

    [Fact]
    public async Task A_key_that_is_not_the_certificates_keeps_the_old_pair_and_degrades_until_it_is_put_right()
    {
        var before = await ShownAsync();
        using var second = _strange.Server();
        using var third = _strange.Server();

        Turn(second, third);
        await UntilAsync(async () => await DegradedAsync() == """["certificate"]""");
        Assert.Equal(before, await ShownAsync());

        Turn(second, second);
        await UntilAsync(async () => await ShownAsync() == second.Thumbprint);
        Assert.Equal("[]", await DegradedAsync());
    }

    [Fact]
    public async Task Metrics_say_how_long_the_certificate_is_good_for()
    {
        var metrics = await _service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);

        // The value may be that of another service of this test process.
        Assert.Contains("\nsealpost_server_certificate_expiry_seconds{", metrics, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _files.Dispose();
        _strange.Dispose();
    }

    // The key is another's where a test wants that.
    private void Turn(X509Certificate2 certificate, X509Certificate2 keyOf)
    {
        var version = $"v{++_version}";
        Directory.CreateDirectory(_files.File(version));
        File.WriteAllText(_files.File(version + "/tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(_files.File(version + "/tls.key"), keyOf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.CreateSymbolicLink(_files.File("next"), version);

        // rename(2) on the link itself, which the framework's moves refuse for a link to a folder.
        using var rename = Process.Start("mv", ["-T", _files.File("next"), _files.File("current")]);
        rename.WaitForExit();
        Assert.Equal(0, rename.ExitCode);
    }

    private async Task<SslStream> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _service.Host.HttpsUrl.Port, TestContext.Current.CancellationToken);
        var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        return tls;
    }

    private static string Shown(SslStream tls) => new X509Certificate2(tls.RemoteCertificate!).Thumbprint;

    private async Task<string> ShownAsync()
    {
        await using var tls = await ConnectAsync();
        return Shown(tls);
    }

    private async Task<string> DegradedAsync()
    {
        var ready = await _service.CallAsync("GET", "/health/ready");
        Assert.Equal(200, ready.Status);
        return ready.Json.GetProperty("degraded").GetRawText();
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await reached())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "it does not come to be");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
