using System.Diagnostics;
using Sealpost.IntegrationTests.Packaging;

namespace Sealpost.IntegrationTests.Cli.Whole;

/// <summary>The scripts of <c>completion</c> in the shells that this machine has.</summary>
public sealed class CompletionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // What readline does: it cuts the line at blanks and at =, calls the function, and takes COMPREPLY.
    private const string Ask = """
        source <(sealpost completion bash)
        complete -p sealpost | grep -q _sealpost || exit 3
        COMP_LINE=$1; COMP_POINT=${2:-${#COMP_LINE}}
        read -ra COMP_WORDS <<<"${COMP_LINE:0:COMP_POINT}"
        [[ ${COMP_LINE:0:COMP_POINT} == *" " ]] && COMP_WORDS+=("")
        COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
        _sealpost
        (IFS=' '; echo "${COMPREPLY[*]}")
        """;

    [Theory]
    [InlineData("sealpost rep", "replays")]
    [InlineData("sealpost installs d", "delete disable")]
    [InlineData("sealpost oauth ", "sign verify")]
    [InlineData("sealpost deliveries list --state ", "dead delivered pending")]
    [InlineData("sealpost deliveries list --state=dea", "dead")]
    [InlineData("sealpost deliveries list --state dead --cl", "--client-id")]
    [InlineData("sealpost deliveries list --state dead --", "--account --client-id --conversation --cursor --data --event-type --help --json --limit --notification --server --since --token-file --until")]
    [InlineData("sealpost tokens create --name x --scope ", "manage publish read")]
    [InlineData("sealpost tokens create --name x --scope read,", "read,manage read,publish")]
    [InlineData("sealpost keys create --privilege MTLS_R", "MTLS_READ_INTERNAL")]
    [InlineData("sealpost mappings create --service ", "IDP TEST_SERVICE WEBHOOKS")]
    [InlineData("sealpost serve --environment D", "Development")]
    [InlineData("sealpost completion ", "bash fish powershell zsh")]
    [InlineData("sealpost publish ", "")]
    [InlineData("sealpost sign --secret-file ", "")]
    [InlineData("sealpost accounts create 'a b", "")]
    [InlineData("sealpost nonsense ", "")]
    public async Task A_shell_completes_verbs_options_and_values(string typed, string offered) =>
        Assert.Equal((0, offered), await BashAsync(typed));

    [Fact]
    public async Task What_stands_after_the_cursor_does_not_count() =>
        Assert.Equal((0, "installs"), await BashAsync("sealpost ins --json", "sealpost ins".Length));

    [Fact]
    public async Task The_program_is_asked_by_the_name_it_was_typed_with() =>
        Assert.Equal((0, "tokens"), await BashAsync($"{Path.Combine(AppContext.BaseDirectory, "sealpost")} tok"));

    [Theory]
    [InlineData("bash", "-n")]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public async Task Each_script_is_one_of_its_shell(string shell, string onlyCheck)
    {
        Assert.SkipUnless(Command.Exists(shell), $"{shell} is not here");
        var run = new CommandRun();
        Assert.Equal(0, await run.RunAsync("completion", shell));
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, run.Out, TestContext.Current.CancellationToken);
            Assert.Equal((0, ""), await Command.RunAsync(Path.GetTempPath(), shell, onlyCheck, script));
        }
        finally
        {
            File.Delete(script);
        }
    }

    [Fact]
    public async Task PowerShell_gets_a_completer_of_its_own()
    {
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("completion", "powershell"));
        Assert.Contains("Register-ArgumentCompleter -Native -CommandName sealpost", run.Out, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Offered)> BashAsync(string typed, int? cursor = null)
    {
        Assert.SkipUnless(Command.Exists("bash"), "bash is not here");
        var start = new ProcessStartInfo("bash", ["--norc", "-c", Ask, "bash", typed, .. (string[])(cursor is { } at ? [$"{at}"] : [])])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = AppContext.BaseDirectory.TrimEnd('/') + Path.PathSeparator + start.Environment["PATH"];
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, (await output).Trim() + error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
