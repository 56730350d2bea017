using System.Collections.Concurrent;
using System.Diagnostics;

namespace Sealpost.Testing.Processes;

/// <summary>One run of the real service as a process of its own. Whoever starts it disposes it; that kills what still runs.</summary>
public sealed class SealpostProcess : IAsyncDisposable
{
    private const int KeptLines = 200;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private SealpostProcess(Process process, Uri http, Uri https, string data)
    {
        _process = process;
        Http = http;
        Https = https;
        Data = data;
    }

    public int Id => _process.Id;

    public Uri Http { get; }

    public Uri Https { get; }

    public string Data { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines it wrote, for the message of a failed test.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The administrator's token, once it is ready.</summary>
    public string AdminToken => File.ReadAllText(Path.Combine(Data, "admin-token")).Trim();

    public static SealpostProcess Start(SealpostLaunch launch)
    {
        int http = SealpostLaunch.FreePort(), https = launch.HttpsPort ?? SealpostLaunch.FreePort();
        var start = new ProcessStartInfo(launch.Executable)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("SEALPOST_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in launch.Settings)
        {
            start.Environment[$"SEALPOST_{name.Replace(":", "__", StringComparison.Ordinal)}"] = value;
        }

        foreach (var (name, value) in launch.Environment)
        {
            start.Environment[name] = value;
        }

        foreach (var argument in (string[])["serve", "--data", launch.Data, "--http", $"{http}", "--https", $"{https}", "--environment", "Development"])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var root in launch.Trust)
        {
            start.ArgumentList.Add("--trust");
            start.ArgumentList.Add(root);
        }

        var running = new SealpostProcess(
            new Process { StartInfo = start }, new Uri($"http://127.0.0.1:{http}"), new Uri($"https://127.0.0.1:{https}"), launch.Data);
        running.Run();
        return running;
    }

    /// <summary>Waits until <c>/health/ready</c> answers 200.</summary>
    /// <exception cref="InvalidOperationException">It ended by itself, or the time ran out; the message has its last lines.</exception>
    public async Task ReadyAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = Http, Timeout = TimeSpan.FromSeconds(2) };
        var started = Stopwatch.GetTimestamp();
        while (!await AnswersReadyAsync(client, cancellation))
        {
            if (HasExited)
            {
                throw new InvalidOperationException($"sealpost ended with {_process.ExitCode} before it was ready.\n{Output}");
            }

            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new InvalidOperationException($"sealpost was not ready after {limit}.\n{Output}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellation);
        }
    }

    /// <summary>kill -9: nothing of the process runs on after this returns.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellation)
    {
        using var signal = Process.Start("kill", ["-TERM", $"{Id}"]);
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            Kill();
        }

        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Run()
    {
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }

        if (_output.Count > KeptLines)
        {
            _output.TryDequeue(out _);
        }
    }

    private static async Task<bool> AnswersReadyAsync(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
