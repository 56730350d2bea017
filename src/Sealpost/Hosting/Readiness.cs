using Sealpost.Hosting.Lifetime;
using Sealpost.Telemetry;

namespace Sealpost.Hosting;

/// <summary>Whether this process does its work: it has started, is not stopping, no loop is stuck, and the store takes writes.</summary>
internal sealed class Readiness(Shutdown shutdown, Heartbeats heartbeats, StoreProbe store)
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

        return failing;
    }
}
