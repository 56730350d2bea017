using Sealpost.Installs;
using Sealpost.Sending;

namespace Sealpost.Testing.Simulation;

/// <summary>The laws about whole installs: their states, their slowness, and what may not be while the engine rests.</summary>
internal sealed class InstallLaws(EndpointBits bits, VirtualClock clock)
{
    private readonly Dictionary<int, StandingModel> _standings = [];
    private readonly SlowLaws _slow = new(clock);

    /// <summary>Before anything is seen of an install.</summary>
    public void Expect(OwedInstall install) => Follow(install, static standing => standing.Expect());

    public void Started(OwedInstall install, OwedDelivery owed)
    {
        var counting = Counting.Always;
        Follow(install, standing =>
        {
            standing.Started(owed);
            counting = standing.Counting;
        });
        _slow.Started(install, owed, counting);
    }

    public void Ended(OwedInstall install, OwedDelivery owed, Outcome outcome)
    {
        Follow(install, standing => standing.Ended(owed, outcome));
        _slow.Ended(install, owed, outcome);
    }

    public void Told(OwedInstall install, Install before, bool mayBeUnknown)
    {
        Follow(install, standing => standing.Told(before, mayBeUnknown));
        _slow.Told(install, isEnabledAgain: install.Present.Enabled && !before.Enabled);
    }

    public void Observed(OwedInstall install, string state, DateTimeOffset? nextAttemptAt) =>
        Follow(install, standing => standing.Observed(state, nextAttemptAt));

    public void FoundSlow(OwedInstall install) => _slow.Disabled(install.Number);

    public void Kept(OwedInstall install) => Follow(install, static standing =>
    {
        standing.Expect();
        standing.Kept();
    });

    public void Crashed(OwedInstall install)
    {
        Follow(install, static standing => standing.Crashed());
        _slow.Crashed(install);
    }

    /// <param name="install">Any.</param>
    /// <param name="isQuiet">Nothing is in flight.</param>
    /// <param name="free">Of some endpoints, those to which nothing keeps an attempt from starting.</param>
    public void Rested(OwedInstall install, bool isQuiet, Func<ulong, ulong> free)
    {
        if (!install.IsOnDuty)
        {
            RestLaws.CheckNothingIsDue(install, free, clock.Now);
        }

        if (isQuiet || IsHolding(install))
        {
            RestLaws.CheckNothingIsOverdue(install, clock.Now);
        }

        Follow(install, standing => standing.Rested(free));
        _slow.Rested(install);
    }

    // While it sends, what stands behind an attempt in flight is looked at when it becomes a head.
    private bool IsHolding(OwedInstall install) => !install.Present.Enabled
        || (_standings.TryGetValue(install.Number, out var model) && model.Accounts.All(static standing => standing.State == StandingState.Failed));

    private void Follow(OwedInstall install, Action<StandingModel> observe)
    {
        if (!_standings.TryGetValue(install.Number, out var standing))
        {
            _standings.Add(install.Number, standing = new StandingModel(install, bits, clock));
        }

        observe(standing);
    }
}
