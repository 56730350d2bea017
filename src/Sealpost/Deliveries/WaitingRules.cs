using Sealpost.Hosting;
using Sealpost.Installs;
using Sealpost.Outboxes;
using Sealpost.Retry;

namespace Sealpost.Deliveries;

/// <summary>
/// Says why a delivery waits: (1) it does not, or is being sent, (2) its install stands in the way, (3) it waits for a time,
/// (4) for its turn, (5) for another delivery, or to be read back. Pure.
/// </summary>
internal static class WaitingRules
{
    /// <param name="delivery">As its row says.</param>
    /// <param name="install">Its install as of now; null when it is deleted.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="ahead">What a <see cref="PlaceKind.Behind"/> waits for, where that is known.</param>
    /// <param name="now">The moment.</param>
    public static Waiting? Why(ListedDelivery delivery, Install? install, Place place, DeliveryId? ahead, DateTimeOffset now)
    {
        if (delivery.PublicState != PublicState.Pending)
        {
            return null;
        }

        if (place.Kind == PlaceKind.InFlight)
        {
            return new Waiting("in_flight", "It is being sent at this moment.");
        }

        return OfInstall(delivery, install) ?? (delivery.State == DeliveryState.Waiting && place.Kind is not (PlaceKind.Ready or PlaceKind.RouteUnknown or PlaceKind.MtlsPaused)
            ? OfRetry(delivery, now)
            : OfPlace(place, ahead));
    }

    private static Waiting? OfInstall(ListedDelivery delivery, Install? install)
    {
        if (install is null)
        {
            return new Waiting("install_deleted", "Its app install was deleted: it becomes a dead letter (app_removed) in a moment.");
        }

        if (!install.Manifest.Webhooks.ContainsKey(delivery.EventType))
        {
            return new Waiting(
                "webhook_removed", $"Its app install has no webhook for {delivery.EventType} any more: it becomes a dead letter (app_removed).");
        }

        return install.Enabled
            ? null
            : new Waiting("install_disabled", $"Its app install is disabled ({install.DisabledReason}): events are stored and none is sent.");
    }

    // It has left its lane: its row knows the time, and nothing else does.
    private static Waiting OfRetry(ListedDelivery delivery, DateTimeOffset now) => delivery.DueAt > now
        ? RetryDue(delivery.DueAt.Value)
        : new Waiting("stored", "Its retry is due and about to be read back from the store.");

    private static Waiting OfPlace(Place place, DeliveryId? ahead) => place.Kind switch
    {
        PlaceKind.InFlight => throw new InvalidOperationException("told before"),
        PlaceKind.Ready when place.IsSuspended => new Waiting(
            "suspended", "It is ready, but nothing is sent at this moment: the disk is full, or the process is stopping."),
        PlaceKind.Ready when place.FullOrigin is not null => new Waiting(
            "origin_limit", $"It is ready and waits for its turn: {place.FullOrigin} has {place.OriginLimit} attempts in flight and bears no more now."),
        PlaceKind.Ready => new Waiting("ready", "It is ready and waits for its turn."),
        PlaceKind.RouteUnknown => new Waiting(
            "route_unknown", "MTLS has not said yet whether its endpoint is mapped to a client certificate: nothing is sent without that answer."),
        PlaceKind.MtlsPaused => new Waiting(
            "mtls_paused", $"It goes through MTLS, which takes no more of this account before {Times.Text(place.Until)}."),
        PlaceKind.Behind => new Waiting("behind", ahead is { } first
            ? $"It waits for {first}, which comes before it in its conversation."
            : "It waits for an earlier delivery of its conversation."),
        PlaceKind.Stored => new Waiting("stored", "It is stored and not read back yet."),
        PlaceKind.Failed => OfFailed(place.Standing),
        PlaceKind.Paused => new Waiting("resuming", "Its app install was changed just now: what waits is being put back in its order."),
        PlaceKind.Elsewhere => new Waiting("settling", "It was accepted just now, or its outcome is being recorded."),
    };

    private static Waiting OfFailed(Standing standing)
    {
        var endpoints = string.Join(", ", standing.Failing.Keys);
        var blocking = standing.Failing.Values.Where(delivery => delivery > 0).Order().Select(delivery => new DeliveryId(delivery)).ToList();
        return new Waiting(
            "install_failed",
            $"Its app install failed at {Times.Text(standing.FailedSince!.Value)}: {endpoints} gave no 200 or 201"
            + (blocking.Count > 0 ? $" to {string.Join(", ", blocking)}" : "")
            + $". Everything is stored, and the next round of attempts is at {Times.Text(standing.RoundAt!.Value)}.");
    }

    private static Waiting RetryDue(DateTimeOffset dueAt) => new("retry_due", $"Its last attempt failed: it is tried again at {Times.Text(dueAt)}.");
}
