namespace Sealpost.Tests.Cli;

public sealed class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("bogus")]
    [InlineData("installs")]
    [InlineData("installs create")]
    [InlineData("installs edit 1")]
    [InlineData("installs create --endpoint https://x/ --event-type T --retention 1")]
    [InlineData("installs create --endpoint https://x/ --event-type T --max-retries 6")]
    [InlineData("installs rotate 1 --overlap 604801")]
    [InlineData("accounts create a/b")]
    [InlineData("accounts list --account a/b")]
    [InlineData("accounts list --server ftp://x")]
    [InlineData("accounts list --server http://user:password@x")]
    [InlineData("publish --idempotency-key é")]
    [InlineData("deliveries list --limit x")]
    [InlineData("deliveries list --state lost")]
    [InlineData("deliveries list --since yesterday")]
    [InlineData("deliveries replay")]
    [InlineData("deliveries replay --client-id 1 --since 2h")]
    [InlineData("deliveries replay --client-id 1 --since 2h --state pending")]
    [InlineData("deliveries replay --client-id 1 --since yesterday --state all")]
    [InlineData("deliveries replay dlv_1 --wait")]
    [InlineData("deliveries replay dlv_1 --state all")]
    [InlineData("replays show")]
    [InlineData("listen --fail-rate 1.1")]
    [InlineData("listen --delay soon")]
    [InlineData("listen --status 99")]
    [InlineData("serve --environment Staging")]
    [InlineData("serve --http 65536")]
    [InlineData("sign")]
    [InlineData("verify --secret-file s")]
    [InlineData("oauth")]
    [InlineData("oauth sign POST https://h/")]
    [InlineData("oauth sign --key-file k POST")]
    [InlineData("oauth sign --key-file k PO-ST https://h/")]
    [InlineData("oauth sign --key-file k --algorithm md5 POST https://h/")]
    [InlineData("oauth verify --key-file k POST https://h/")]
    [InlineData("keys create")]
    [InlineData("keys delete")]
    public async Task Wrong_usage_exits_with_2_and_says_why_on_standard_error(string line)
    {
        var terminal = new MemoryTerminal();

        var exitCode = await terminal.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, exitCode);
        Assert.StartsWith("sealpost: ", terminal.Error);
        Assert.DoesNotContain("System.", terminal.Error);
        Assert.Empty(terminal.Out);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("installs create --help")]
    [InlineData("--version")]
    public async Task Help_and_version_exit_with_0(string line)
    {
        var terminal = new MemoryTerminal();

        Assert.Equal(0, await terminal.RunAsync(line.Split(' ')));
        Assert.NotEmpty(terminal.Out);
    }

    [Fact]
    public async Task Help_names_no_option_that_takes_a_secret_itself()
    {
        var terminal = new MemoryTerminal();

        await terminal.RunAsync("sign", "--help");
        await terminal.RunAsync("oauth", "sign", "--help");

        Assert.Contains("--secret-file", terminal.Out);
        Assert.DoesNotContain("--secret ", terminal.Out);
    }
}
