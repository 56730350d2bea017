using Sealpost.IntegrationTests.Support;
using Sealpost.Testing;

namespace Sealpost.IntegrationTests.Hosting;

public sealed class SecurityHeadersTests
{
    private static readonly string[] Pages = ["/", "/health/ready", "/metrics", "/nothing/here", "/api/accounts"];

    [Fact]
    public async Task Nothing_that_a_browser_can_show_is_sniffed_framed_kept_or_loads_from_elsewhere_and_no_server_is_named()
    {
        await using var service = await RunningService.StartAsync();
        foreach (var path in Pages)
        {
            using var answer = await service.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

            Assert.Equal("nosniff", Single(answer, "X-Content-Type-Options"));
            Assert.Equal("DENY", Single(answer, "X-Frame-Options"));
            Assert.Equal("no-referrer", Single(answer, "Referrer-Policy"));
            Assert.Contains("default-src 'none'", Single(answer, "Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", Single(answer, "Content-Security-Policy"), StringComparison.Ordinal);
            Assert.True(answer.Headers.CacheControl!.NoStore, path);
            Assert.False(answer.Headers.Contains("Server"), path);
            Assert.False(answer.Headers.Contains("Strict-Transport-Security"), path);
        }
    }

    [Fact]
    public async Task Over_HTTPS_with_a_certificate_of_its_own_in_Production_a_browser_is_told_to_stay_with_HTTPS()
    {
        using var pki = new Pki();
        using var server = pki.Server();
        (string, string)[] own = [("SEALPOST_Server__Certificate", pki.WritePem("server", server)), ("SEALPOST_Server__CertificateKey", pki.WriteKeyPem("server", server))];

        Assert.Equal((true, false), await StrictAsync("Production", own));
        Assert.Equal((false, false), await StrictAsync("Development", own));
        Assert.Equal((false, false), await StrictAsync("Production"));
    }

    private static async Task<(bool Https, bool Http)> StrictAsync(string environment, params (string, string)[] settings)
    {
        await using var service = await RunningService.StartAsync(new RunningOptions { Environment = environment }, settings);
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        return (await IsStrictAsync(client, service.Host.HttpsUrl), await IsStrictAsync(client, service.Host.HttpUrl));
    }

    private static async Task<bool> IsStrictAsync(HttpClient client, Uri url)
    {
        using var answer = await client.GetAsync(url, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        return answer.Headers.Contains("Strict-Transport-Security");
    }

    private static string Single(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}
