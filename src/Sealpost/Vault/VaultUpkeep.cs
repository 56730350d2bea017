namespace Sealpost.Vault;

/// <summary>
/// The vault's background loop: keeps a token, looks whether the server is well, confirms what is in memory. Each turn decides itself
/// whether it has something to do. Started and stopped by the host; at the stop a turn under way is abandoned, nothing of it is lost.
/// </summary>
internal sealed class VaultUpkeep(Action beat, TimeProvider time, IReadOnlyList<Func<CancellationToken, Task>> turns)
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>Runs until <paramref name="stop"/>. A turn that throws ends it: turns return what can go wrong.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Turn, time);
        var running = turns.Select(_ => Task.CompletedTask).ToArray();
        do
        {
            beat();
            for (var i = 0; i < running.Length; i++)
            {
                // A slow server must not stop the heart: what still runs is let run.
                if (running[i].IsCompleted)
                {
                    await running[i];
                    running[i] = turns[i](stop);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stop));
    }
}
