using Sealpost.Hosting.Lifetime;
using Sealpost.Telemetry;
using Sealpost.Vault;

namespace Sealpost.Hosting;

/// <summary>
/// Whether this process does its work: it has started, is not stopping, no loop is stuck, the store takes writes, and the vault has not
/// been lost. While an outage of the vault is bridged from memory, or the server's certificate has ended or cannot follow its files, the
/// process is ready, and says that it is degraded.
/// </summary>
internal sealed class Readiness(Shutdown shutdown, Heartbeats heartbeats, StoreProbe store, Func<VaultCondition> vault, Func<bool> certificate)
{
    private volatile bool _started;

    /// <summary>All is in place: from now on the other checks decide.</summary>
    public void Started() => _started = true;

    /// <summary>The names of the checks that fail; none: ready.</summary>
    public async Task<IReadOnlyList<string>> Failing()
    {
        var failing = new List<string>();
        if (!_started)
        {
            failing.Add("starting");
        }

        if (shutdown.Stopping.IsCancellationRequested)
        {
            failing.Add("stopping");
        }

        failing.AddRange(heartbeats.Stale().Select(loop => $"loop:{loop}"));
        if (!await store.CanWrite())
        {
            failing.Add("store");
        }

        if (vault() == VaultCondition.Lost)
        {
            failing.Add("vault");
        }

        return failing;
    }

    /// <summary>The names of the checks that something is wrong with, though the work goes on.</summary>
    public IReadOnlyList<string> Degraded()
    {
        var degraded = new List<string>();
        if (vault() == VaultCondition.Stale)
        {
            degraded.Add("vault");
        }

        if (certificate())
        {
            degraded.Add("certificate");
        }

        return degraded;
    }
}
