using System.Diagnostics;
using System.Text.Json;

namespace Sealpost.Benchmarks.Roles;

/// <summary>
/// A part of a benchmark in a process of its own: this program again, with a role. Its order goes in as the first line of
/// its input, its answer comes out as the first line of its output; when its input ends, it ends.
/// </summary>
internal sealed class RoleProcess : IAsyncDisposable
{
    private readonly Process _process;

    private RoleProcess(Process process, string answer)
    {
        _process = process;
        Answer = answer;
    }

    public int Id => _process.Id;

    /// <summary>What the role said when it was ready.</summary>
    public string Answer { get; }

    public static async Task<RoleProcess> StartAsync<TOrder>(string role, TOrder order)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "sealpost-bench"))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Add("role");
        start.ArgumentList.Add(role);
        var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
        await process.StandardInput.FlushAsync();
        return await process.StandardOutput.ReadLineAsync() is { } answer
            ? new RoleProcess(process, answer)
            : throw new InvalidOperationException($"The {role} ended before it was ready.");
    }

    /// <summary>Waits until the role has done what it was ordered and ends by itself.</summary>
    public Task EndAsync() => _process.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
