using Sealpost.Sending;

namespace Sealpost.Testing.Simulation;

/// <summary>
/// When an app is slow (protocol 3): an endpoint's responses take longer than 2.5 s over 2 minutes, with at least 3 seen.
/// Where it is not certain that an attempt counts, the least and the most that may have been seen are both followed.
/// </summary>
internal sealed class SlowLaws(VirtualClock clock)
{
    private const int Enough = 3;

    private static readonly TimeSpan Threshold = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(int Install, Uri Endpoint), Run> _least = [];
    private readonly Dictionary<(int Install, Uri Endpoint), Run> _most = [];
    private readonly Dictionary<long, (DateTimeOffset At, Counting Counting)> _flights = [];
    private readonly HashSet<int> _mayBeDisabled = [];
    private readonly HashSet<int> _mustBeDisabled = [];

    public void Started(OwedInstall install, OwedDelivery owed, Counting counting)
    {
        _flights[owed.Id] = (clock.Now, counting);
        Probe(install, owed, counting);
    }

    public void Ended(OwedInstall install, OwedDelivery owed, Outcome outcome)
    {
        var (startedAt, counting) = _flights[owed.Id];
        Probe(install, owed, counting);
        var responseTime = outcome.Kind == OutcomeKind.ReadTimeout ? ReadTimeout : outcome.ResponseTime;
        if (responseTime is not { } time || counting == Counting.Never || !install.Present.Enabled)
        {
            return;
        }

        var key = (install.Number, owed.Endpoint!);
        if (time <= Threshold)
        {
            _least.Remove(key);
            if (counting == Counting.Always)
            {
                _most.Remove(key);
            }

            return;
        }

        Add(_most, _mayBeDisabled, startedAt);
        if (counting == Counting.Always)
        {
            // While the process stood still, the answer waited for it.
            Add(_least, _mustBeDisabled, clock.Now - outcome.Duration);
        }

        void Add(Dictionary<(int Install, Uri Endpoint), Run> runs, HashSet<int> slow, DateTimeOffset since)
        {
            var run = runs.GetValueOrDefault(key, new Run(since, 0));
            runs[key] = run = run with { Seen = run.Seen + 1 };
            if (run.Seen >= Enough && clock.Now >= run.Since + Window)
            {
                slow.Add(install.Number);
            }
        }
    }

    /// <summary>The engine has disabled an app on the ground that it is slow.</summary>
    public void Disabled(int install)
    {
        if (!_mayBeDisabled.Contains(install))
        {
            throw new SimulationViolation($"install {install} was disabled as slow, and it is not");
        }
    }

    /// <summary>The engine knows of a change.</summary>
    public void Told(OwedInstall install, bool isEnabledAgain)
    {
        Clear(_least, install.Number);
        _mustBeDisabled.Remove(install.Number);
        if (isEnabledAgain)
        {
            Clear(_most, install.Number);
            _mayBeDisabled.Remove(install.Number);
        }
    }

    /// <summary>What was in memory is gone, or was kept.</summary>
    public void Crashed(OwedInstall install)
    {
        Clear(_least, install.Number);
        _mustBeDisabled.Remove(install.Number);
    }

    public void Rested(OwedInstall install)
    {
        if (_mustBeDisabled.Contains(install.Number) && install.Present is { Enabled: true, Deleted: false })
        {
            throw new SimulationViolation($"install {install.Number} is slow and was not disabled");
        }
    }

    // A probe of a failed install clears: the window of its endpoint for certain, the others perhaps.
    private void Probe(OwedInstall install, OwedDelivery owed, Counting counting)
    {
        if (counting != Counting.Always)
        {
            Clear(_least, install.Number);
        }

        if (counting == Counting.Never)
        {
            _most.Remove((install.Number, owed.Endpoint!));
        }
    }

    private static void Clear(Dictionary<(int Install, Uri Endpoint), Run> runs, int install)
    {
        foreach (var key in runs.Keys.Where(key => key.Install == install).ToList())
        {
            runs.Remove(key);
        }
    }

    private readonly record struct Run(DateTimeOffset Since, int Seen);
}

/// <summary>Whether an attempt counts for its app's slowness: not as a probe of a failed install.</summary>
internal enum Counting
{
    Always,
    Perhaps,
    Never,
}
