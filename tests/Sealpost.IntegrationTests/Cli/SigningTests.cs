using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Cli;

public sealed class SigningTests
{
    // HMAC of "hello" under "s3cret", made with OpenSSL.
    private const string Sha1 = "sha1=+HWtFl2Xq6a2jiwvfqMUrrKgCC8=";

    [Theory]
    [InlineData("s3cret")]
    [InlineData("s3cret\n")]
    [InlineData("s3cret\r\n")]
    public async Task One_trailing_newline_of_the_secret_file_is_not_part_of_the_secret(string content)
    {
        using var folder = new TemporaryFolder();
        var run = new CommandRun { Input = "hello" };

        Assert.Equal(0, await run.RunAsync("sign", "--secret-file", Write(folder, content)));
        Assert.Equal(Sha1, run.Out.Trim());
    }

    [Fact]
    public async Task A_second_newline_is()
    {
        using var folder = new TemporaryFolder();
        var run = new CommandRun { Input = "hello" };

        Assert.Equal(0, await run.RunAsync("sign", "--secret-file", Write(folder, "s3cret\n\n")));
        Assert.NotEqual(Sha1, run.Out.Trim());
    }

    [Theory]
    [InlineData("sha1", "base64")]
    [InlineData("sha1", "hex")]
    [InlineData("sha256", "base64")]
    [InlineData("sha256", "hex")]
    public async Task What_sign_prints_verify_takes_and_nothing_else(string algorithm, string encoding)
    {
        using var folder = new TemporaryFolder();
        var secret = Write(folder, "s3cret");
        var sign = new CommandRun { Input = "hello\n" };
        await sign.RunAsync("sign", "-", "--secret-file", secret, "--algorithm", algorithm, "--encoding", encoding);
        var signature = sign.Out.Trim();

        Assert.StartsWith(algorithm + "=", signature);
        Assert.Equal(0, await new CommandRun { Input = "hello\n" }.RunAsync("verify", "-", "--secret-file", secret, "--signature", signature));
        Assert.Equal(1, await new CommandRun { Input = "hello" }.RunAsync("verify", "-", "--secret-file", secret, "--signature", signature));
        Assert.Equal(1, await new CommandRun { Input = "hello\n" }.RunAsync("verify", "-", "--secret-file", secret, "--signature", "sha1=" + signature));
    }

    [Fact]
    public async Task A_missing_secret_file_is_a_failure_with_its_name()
    {
        var run = new CommandRun { Input = "hello" };

        Assert.Equal(1, await run.RunAsync("sign", "--secret-file", "/nowhere/secret"));
        Assert.Contains("/nowhere/secret", run.Error);
    }

    private static string Write(TemporaryFolder folder, string content)
    {
        var file = Path.Combine(folder.Path, "secret");
        File.WriteAllText(file, content);
        return file;
    }
}
