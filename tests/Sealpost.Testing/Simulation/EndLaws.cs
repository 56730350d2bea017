using Sealpost.Deliveries;
using Sealpost.Installs;
using Sealpost.Sending;

namespace Sealpost.Testing.Simulation;

/// <summary>Whether a delivery may be over in the way its row says (protocol 2 to 4). Written from the protocol.</summary>
internal static class EndLaws
{
    // Retention:Deliveries, which ends the deliveries of a disabled by-numbers install.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(3);
    private static readonly TimeSpan Unlimited = TimeSpan.FromDays(36_500);

    public static void Check(OwedDelivery owed, InstallHistory history, DateTimeOffset at)
    {
        var isLegal = owed.Row.State switch
        {
            DeliveryState.Delivered => owed.HasSucceeded,
            DeliveryState.Dead => IsLegal(owed, history, at),
            DeliveryState.InLane or DeliveryState.Waiting => true,
        };
        if (!isLegal)
        {
            throw new SimulationViolation(
                $"{owed} became {owed.Row.State} ({owed.Row.Reason}) after {owed.Row.Attempts} attempts, {at - owed.AcceptedAt} old: it may not");
        }
    }

    public static bool IsRemoved(OwedDelivery owed, Install install) => InstallHistory.WebhookOf(install, owed.Event.EventType) is null;

    public static bool IsExpired(OwedDelivery owed, Install install, DateTimeOffset at) =>
        install.Manifest.RetentionTime is { } retention && at >= owed.AcceptedAt + retention;

    /// <summary>How old a delivery of this install gets, pending.</summary>
    public static TimeSpan TimeOf(Install install) => install.Manifest.RetentionTime ?? (install.Enabled ? Unlimited : Kept);

    /// <summary>It is too old for its install, enabled or disabled.</summary>
    public static bool IsPastItsTime(OwedDelivery owed, Install install, DateTimeOffset at) => at >= owed.AcceptedAt + TimeOf(install);

    /// <summary>The last attempt was the last that it may have.</summary>
    public static bool IsUsedUp(OwedDelivery owed, Install install) =>
        InstallHistory.WebhookOf(install, owed.Event.EventType) is { } webhook
        && (InstallHistory.IsByNumbers(install)
            ? owed.Spent > (webhook.MaxRetries ?? 0)
            : owed.Spent > 0 && webhook.MaxRetries == 0);

    /// <summary>A failure ends it: retried neither by numbers nor by the time to live that its install has (protocol 4).</summary>
    public static bool IsNotRetried(OwedDelivery owed, Install install) => install.Enabled && !InstallHistory.IsByNumbers(install)
        && InstallHistory.WebhookOf(install, owed.Event.EventType) is { MaxRetries: 0 };

    /// <summary>The attempt was made and has failed.</summary>
    public static bool IsFailure(Outcome outcome) => !outcome.Succeeded && outcome.Kind != OutcomeKind.Throttled;

    private static bool IsLegal(OwedDelivery owed, InstallHistory history, DateTimeOffset at) => owed.Row.Reason switch
    {
        "app_removed" => history.Held(owed.AcceptedAt, at, install => IsRemoved(owed, install)),
        "expired" => history.Held(at, at, install => IsExpired(owed, install, at) && install.Enabled),
        "not_retried" => history.Held(at, at, install => IsUsedUp(owed, install) && RetriesOf(owed, install) == 0),
        "retries_exhausted" => history.Held(at, at, install =>
            IsUsedUp(owed, install) && RetriesOf(owed, install) > 0 && InstallHistory.IsByNumbers(install)),
        "app_disabled" => history.Held(at, at, install => !install.Enabled && IsPastItsTime(owed, install, at)),
        "dropped_by_operator" => owed.IsDropped,
        _ => false,
    };

    private static int RetriesOf(OwedDelivery owed, Install install) =>
        InstallHistory.WebhookOf(install, owed.Event.EventType)?.MaxRetries ?? 0;
}
