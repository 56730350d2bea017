using Sealpost.Installs;

namespace Sealpost.Outboxes;

/// <summary>What a change of an install means for deliveries that wait (protocol 2 and 3). Pure.</summary>
/// <param name="MustPause">Nothing is attempted from now on, at least until the reopening.</param>
/// <param name="MustReopen">What waits beside the lanes goes back to its accepted place, then it is attempted again.</param>
/// <param name="IsEnabling">It was disabled and is not any more.</param>
/// <param name="ForgetsAttempts">Stored deliveries start as by-numbers ones with no attempt made.</param>
/// <param name="EndsNumbers">Attempts by numbers count no more: should it come back to numbers, they were never made.</param>
internal readonly record struct ChangeEffect(bool MustPause, bool MustReopen, bool IsEnabling, bool ForgetsAttempts, bool EndsNumbers = false)
{
    public static ChangeEffect Between(Install before, Install after)
    {
        var isActive = after.Enabled && !after.Deleted;
        var wasNumbers = before.Manifest.RetentionTime is null;
        var isNumbers = after.Manifest.RetentionTime is null;
        var isEnabling = isActive && !before.Enabled;
        var becomesTimeToLive = wasNumbers && !isNumbers;
        return new ChangeEffect(
            MustPause: !isActive || becomesTimeToLive,
            MustReopen: !after.Deleted && (becomesTimeToLive || (isEnabling && isNumbers)),
            IsEnabling: isEnabling,
            ForgetsAttempts: !wasNumbers && isNumbers,
            EndsNumbers: becomesTimeToLive);
    }
}

/// <summary>Waiting retries of an install go back into their lanes before it is attempted again.</summary>
/// <param name="Outbox">Whose.</param>
/// <param name="EndsNumbers">See <see cref="ChangeEffect.EndsNumbers"/>.</param>
internal sealed record Reopening(Outbox Outbox, bool EndsNumbers);
