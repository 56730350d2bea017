using Sealpost.Installs;

namespace Sealpost.Testing.Simulation;

/// <summary>The changes of installs on their way to the engine: committed first, told a little later, or found at a start.</summary>
internal sealed class ToldChanges
{
    private readonly Dictionary<int, List<OwedDelivery>> _covered = [];
    private readonly Dictionary<int, Install> _mayBeUnknown = [];

    /// <summary>A change is committed: what is pending of a lost event type is dead once the engine knows.</summary>
    public void Commit(OwedInstall install, Install before, Install after) => _covered[after.Number] =
    [
        .. install.Deliveries.Where(owed => owed.Row.IsPending && EndLaws.IsRemoved(owed, after) && !EndLaws.IsRemoved(owed, before)),
    ];

    /// <summary>The engine may have learned of a change from what it has just accepted, and is told of it later in any case.</summary>
    public void MayBeKnown(OwedInstall install, Install before) => _mayBeUnknown[install.Number] = before;

    /// <summary>The change that the engine may not have learned of before it was told; null: none.</summary>
    public Install? Confirm(OwedInstall install) => _mayBeUnknown.Remove(install.Number, out var before) ? before : null;

    public void Crash() => _mayBeUnknown.Clear();

    /// <summary>From here on the install is what the change made of it.</summary>
    public void Apply(OwedInstall install, Install after)
    {
        var wasByNumbers = InstallHistory.IsByNumbers(install.Present);
        var isReopened = install.History.Told(after);
        install.IsReturning |= wasByNumbers && !InstallHistory.IsByNumbers(after);
        if (isReopened)
        {
            install.Deliveries.ForEach(static owed => owed.Return());
        }

        _covered[after.Number].ForEach(static owed => owed.Remove());
        if (!wasByNumbers && InstallHistory.IsByNumbers(after))
        {
            foreach (var owed in install.Deliveries.Where(static owed => owed.Row.IsPending))
            {
                owed.ForgetAttempts();
            }
        }
    }
}
