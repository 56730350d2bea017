using System.Diagnostics;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Backups;

/// <summary>One run of the executable as a process of its own: SQLite's locks are held between processes, not within one.</summary>
internal sealed class SealpostRun : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _out;
    private readonly Task<string> _error;

    private SealpostRun(Process process)
    {
        _process = process;
        _out = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public bool HasExited => _process.HasExited;

    public static SealpostRun Start(params string[] args) => new(Process.Start(new ProcessStartInfo(new SealpostLaunch { Data = "" }.Executable, args)
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!);

    /// <summary>Runs to the end; fails the test unless the exit code is 0.</summary>
    public static async Task<string> SucceedAsync(params string[] args)
    {
        using var run = Start(args);
        var output = await run._out + await run._error;
        await run._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(run._process.ExitCode == 0, output);
        return output;
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
