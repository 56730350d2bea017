using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Cli;

public sealed class OAuthTests : IDisposable
{
    private const string Url = "https://mtls.example.com/mtls/account/12345678?v=1";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sha1", "HMAC-SHA1")]
    [InlineData("sha256", "HMAC-SHA256")]
    public async Task What_oauth_sign_prints_oauth_verify_takes_and_nothing_else(string algorithm, string method)
    {
        var header = await SignAsync("--algorithm", algorithm);

        Assert.StartsWith("OAuth oauth_consumer_key=\"key-acc-1\", oauth_token=\"token-1\", ", header);
        Assert.Contains($"oauth_signature_method=\"{method}\"", header);
        Assert.Equal((0, "valid"), await VerifyAsync("POST", Url, header));
        Assert.Equal((1, "not valid"), await VerifyAsync("GET", Url, header));
        Assert.Equal((1, "not valid"), await VerifyAsync("POST", Url + "&x", header));
        Assert.Equal((1, "not valid"), await VerifyAsync("POST", Url, "Bearer x"));
        Assert.Equal((1, "not valid"), await VerifyAsync("POST", Url, header, "--at", "2026-01-01T00:00:00Z"));
    }

    [Fact]
    public async Task Each_signature_has_a_nonce_of_its_own() => Assert.NotEqual(await SignAsync(), await SignAsync());

    [Fact]
    public async Task A_form_is_signed_too()
    {
        var form = Path.Combine(_folder.Path, "form");
        await File.WriteAllTextAsync(form, "a=1", TestContext.Current.CancellationToken);
        var header = await SignAsync("--form", form);

        Assert.Equal((0, "valid"), await VerifyAsync("POST", Url, header, "--form", form));
        Assert.Equal((1, "not valid"), await VerifyAsync("POST", Url, header));
    }

    [Fact]
    public async Task A_refusal_shows_what_was_signed_here_and_no_secret()
    {
        var run = new CommandRun();

        Assert.Equal(1, await run.RunAsync("oauth", "verify", "--key-file", KeyFile(), "--authorization", await SignAsync(), "GET", Url));
        Assert.Contains("base string: GET&https%3A%2F%2Fmtls.example.com%2Fmtls%2Faccount%2F12345678&oauth_consumer_key%3Dkey-acc-1", run.Error);
        Assert.DoesNotContain("s3cr3t", run.Error + run.Out);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"consumer_key\":\"k\",\"consumer_secret\":\"s3cr3t\"}")]
    [InlineData("{\"consumer_key\":\"k\",\"consumer_secret\":null,\"token\":\"s3cr3t\",\"token_secret\":\"s\"}")]
    [InlineData("[\"s3cr3t\"]")]
    public async Task What_is_no_key_file_is_one_line_without_its_content(string content)
    {
        var run = new CommandRun();

        Assert.Equal(1, await run.RunAsync("oauth", "sign", "--key-file", KeyFile(content), "POST", Url));
        Assert.Contains("is not a key file", run.Error);
        Assert.Single(run.Error.Trim().Split('\n'));
        Assert.DoesNotContain("s3cr3t", run.Error);
        Assert.Empty(run.Out);
    }

    private async Task<string> SignAsync(params string[] more)
    {
        var run = new CommandRun();
        Assert.Equal(0, await run.RunAsync(["oauth", "sign", "--key-file", KeyFile(), "POST", Url, .. more]));
        return run.Out.Trim();
    }

    private async Task<(int ExitCode, string Out)> VerifyAsync(string method, string url, string header, params string[] more)
    {
        var run = new CommandRun();
        var exitCode = await run.RunAsync(["oauth", "verify", "--key-file", KeyFile(), "--authorization", header, method, url, .. more]);
        return (exitCode, run.Out.Trim());
    }

    private string KeyFile(
        string content = """{"consumer_key":"key-acc-1","consumer_secret":"s3cr3t","token":"token-1","token_secret":"t0k3n","account":"a","privileges":["MTLS_FORWARD"]}""")
    {
        var path = Path.Combine(_folder.Path, "key.json");
        File.WriteAllText(path, content);
        return path;
    }
}
