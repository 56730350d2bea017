using System.Diagnostics;

namespace Sealpost.IntegrationTests.Cli;

public sealed class ExecutableTests
{
    [Fact]
    public async Task The_demo_ends_by_itself_with_everything_in_order()
    {
        var run = new CommandRun();

        Assert.True(await run.RunAsync("demo") == 0, run.Out + run.Error);
        Assert.Contains("attempt 2", run.Out);
        Assert.Contains("every conversation in its order", run.Out);
        Assert.DoesNotContain("WRONG", run.Out);
    }

    [Fact]
    public async Task The_process_answers_2_to_wrong_usage_and_1_to_a_failure()
    {
        Assert.Equal(2, await ExitCodeAsync("bogus"));
        Assert.Equal(1, await ExitCodeAsync("sign", "--secret-file", "/nowhere/secret"));
        Assert.Equal(0, await ExitCodeAsync("--help"));
    }

    private static async Task<int> ExitCodeAsync(params string[] args)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "sealpost"), args)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(output, error, process.WaitForExitAsync(TestContext.Current.CancellationToken));
        return process.ExitCode;
    }
}
