using Sealpost.Installs;
using Sealpost.Outboxes;

namespace Sealpost.Mailrooms;

/// <summary>What a change of an install means for deliveries that wait (protocol 2 and 3). Pure.</summary>
/// <param name="MustPause">Nothing is attempted from now on, at least until the reopening.</param>
/// <param name="MustReopen">What waits beside the lanes goes back to its accepted place, then it is attempted again.</param>
/// <param name="ForgetsAttempts">Stored deliveries start as by-numbers ones with no attempt made.</param>
internal readonly record struct ChangeEffect(bool MustPause, bool MustReopen, bool ForgetsAttempts)
{
    public static ChangeEffect Between(Install before, Install after)
    {
        var isActive = after.Enabled && !after.Deleted;
        var wasNumbers = before.Manifest.RetentionTime is null;
        var isNumbers = after.Manifest.RetentionTime is null;
        var isEnabling = isActive && !before.Enabled;
        var changesPolicy = wasNumbers != isNumbers;
        return new ChangeEffect(
            MustPause: !isActive || changesPolicy,
            MustReopen: !after.Deleted && (changesPolicy || isEnabling),
            ForgetsAttempts: changesPolicy && isNumbers);
    }
}

/// <summary>An install that is to be attempted again once what waits beside its lanes is back in them.</summary>
internal sealed record Reopening(Outbox Outbox, bool ForgetsAttempts);
