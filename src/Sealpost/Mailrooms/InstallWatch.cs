using Sealpost.Installs;

namespace Sealpost.Mailrooms;

/// <summary>Brings committed changes of installs to the mailrooms.</summary>
internal sealed class InstallWatch(AllMailrooms mailrooms, ILedgerStore store, LedgerChores chores, TimeProvider clock, Action wake)
{
    /// <param name="before">The install before the change; null for a new one.</param>
    /// <param name="after">The install as committed.</param>
    public void Changed(Install? before, Install after)
    {
        var removals = before is not null && LosesWebhooks(before, after) ? store.Removals(after.Number) : [];
        mailrooms.Change(after, removals, clock.GetUtcNow());
        chores.Add(removals);
        wake();
    }

    private static bool LosesWebhooks(Install before, Install after) =>
        after.Deleted || before.Manifest.Webhooks.Keys.Any(type => !after.Manifest.Webhooks.ContainsKey(type));
}
