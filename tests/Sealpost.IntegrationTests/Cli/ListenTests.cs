using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sealpost.Protocol.Signing;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Cli;

public sealed class ListenTests
{
    [Fact]
    public async Task It_takes_what_is_signed_and_refuses_what_is_not()
    {
        using var folder = new TemporaryFolder();
        var secret = Path.Combine(folder.Path, "secret");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = new CommandRun();
        var listen = run.RunAsync(stop.Token, "listen", "--port", "0", "--secret-file", secret, "--status", "201", "--cert-dir", folder.Path);
        await run.WaitForOutputAsync(text => text.Contains("--trust", StringComparison.Ordinal) && text.EndsWith('\n'));
        var lines = run.Out.Split('\n');
        var url = new Uri(lines[0].Split(' ')[^1]);
        var trust = lines[1].Split("--trust ")[1].Trim();
        using var client = Client(trust);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(client, url, "sha1=AAAA"));
        await File.WriteAllTextAsync(secret, "s3cret\n", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, await PostAsync(client, url, NotificationSignature.Sign(default, "s3cret"u8, "{\"a\":1}"u8)));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(client, url, NotificationSignature.Sign(default, "other"u8, "{\"a\":1}"u8)));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(client, url, signature: null));
        await stop.CancelAsync();

        Assert.Equal(0, await listen);
        Assert.Contains("201  signature valid  account acme  seq 3  7 bytes  {\"a\":1}", run.Out);
        Assert.Contains("401  signature WRONG", run.Out);
    }

    [Fact]
    public async Task Its_authority_stays_the_same_so_that_trust_lasts()
    {
        using var folder = new TemporaryFolder();

        var first = await CaAfterAStartAsync(folder.Path);
        var second = await CaAfterAStartAsync(folder.Path);

        Assert.Equal(first, second);
    }

    private static async Task<string> CaAfterAStartAsync(string folder)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = new CommandRun();
        var listen = run.RunAsync(stop.Token, "listen", "--port", "0", "--cert-dir", folder);
        await run.WaitForOutputAsync(text => text.Contains("--trust", StringComparison.Ordinal));
        await stop.CancelAsync();
        Assert.Equal(0, await listen);
        return await File.ReadAllTextAsync(Path.Combine(folder, "ca.pem"), TestContext.Current.CancellationToken);
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, Uri url, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{\"a\":1}")) };
        request.Headers.Add("x-liveperson-account-id", "acme");
        request.Headers.Add("x-sealpost-sequence", "3");
        if (signature is not null)
        {
            request.Headers.Add("x-liveperson-signature", signature);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static HttpClient Client(string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(caFile);
        return new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = policy } });
    }
}
