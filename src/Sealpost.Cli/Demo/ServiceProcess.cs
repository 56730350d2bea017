using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sealpost.Cli.Demo;

/// <summary>The service as a child process of the same executable, on free ports, stopped as an operator would: by SIGTERM.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int KeptLines = 20;

    /// <summary>Setting <c>Mtls:MappingInterval</c> of the demo's service: nobody watches for 150 s.</summary>
    public static readonly TimeSpan MappingInterval = TimeSpan.FromSeconds(2);

    // contract.md: attempts in flight get 12 s after SIGTERM.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ServiceProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines the service printed.</summary>
    public string LastLines => string.Join(Environment.NewLine, _lines);

    public static ServiceProcess Start(string dataFolder, string trustFile)
    {
        var start = new ProcessStartInfo(Executable())
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments = ["serve", "--data", dataFolder, "--http", "0", "--https", "0", "--trust", trustFile, "--environment", "Development"];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // The tour is the same for everyone, whatever this user's settings are.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("SEALPOST_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["SEALPOST_Mtls__MappingInterval"] = MappingInterval.ToString("c");

        return new ServiceProcess(Process.Start(start)!);
    }

    /// <summary>Ends the service and waits for it.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            Terminate();
        }

        try
        {
            using var patience = new CancellationTokenSource(StopPatience);
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    // Beside this program's files, however it was started: by its own name, or by `dotnet sealpost.dll`.
    private static string Executable()
    {
        var file = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "sealpost.exe" : "sealpost");
        return File.Exists(file) ? file : throw new VerbFailedException($"the executable {file} is missing.");
    }

    private void Terminate()
    {
        if (OperatingSystem.IsWindows() || Signal(_process.Id, SigTerm) != 0)
        {
            _process.Kill();
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (_lines.Count > KeptLines)
        {
            _lines.TryDequeue(out _);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int processId, int signal);
}
