using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;
using Sealpost.Installs;
using Sealpost.Mailrooms;

namespace Sealpost.Deliveries.Replay;

/// <summary>What can be replayed, and why a replay waits. Pure.</summary>
internal static class ReplayRules
{
    /// <summary>Why a delivery cannot be replayed now; null when it can.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="install">Its install as of now; null when it is deleted.</param>
    public static Problem? Refusal(WholeDelivery delivery, Install? install)
    {
        if (delivery.Delivery.PublicState == PublicState.Pending)
        {
            return Conflict("delivery_pending", "The delivery is pending: it is still going to be sent. Only one that is delivered or dead can be replayed.");
        }

        if (install is null)
        {
            return Conflict("install_deleted", "The delivery's app install was deleted: there is nowhere to send it.");
        }

        if (!install.Enabled)
        {
            return Conflict("install_disabled", $"The delivery's app install is disabled ({install.DisabledReason}): enable it first.");
        }

        if (!install.Manifest.Webhooks.ContainsKey(delivery.Delivery.EventType))
        {
            return Conflict("webhook_removed", $"The delivery's app install has no webhook for {delivery.Delivery.EventType} any more: add it first.");
        }

        return delivery.Body.IsEmpty ? Conflict("delivery_erased", "The delivery's bytes were erased: there is nothing to send.") : null;
    }

    /// <summary>Why a job cannot go on with an install now, as far as the install says; null when it can.</summary>
    public static Waiting? OfInstall(Install install) => install.Enabled
        ? null
        : new Waiting("install_disabled", $"The app install is disabled ({install.DisabledReason}): it goes on when that is enabled.");

    /// <summary>The deliveries that it replayed before are to go out first.</summary>
    public static Waiting OfPending(IReadOnlyList<DeliveryId> pending) => new(
        "replayed_pending", $"{pending.Count} of the deliveries that it replayed are pending, from {pending[0]} on: it goes on behind them.");

    public static Waiting Of(Refusal refusal) => refusal switch
    {
        Mailrooms.Refusal.BacklogFull => new Waiting(
            "backlog_full", "The account has as much stored as it may (Limits:StoredPerAccount, Limits:StoredBytesPerAccount): it goes on when that is less."),
        Mailrooms.Refusal.DiskReserve => new Waiting("disk_reserve", "The disk is nearly full (Limits:DiskReserveBytes): it goes on when there is room."),
        Mailrooms.Refusal.StoreFull => new Waiting("store_full", "The disk has no room: it goes on when there is some."),
        Mailrooms.Refusal.Stopping => new Waiting("stopping", "The service is stopping: it goes on after the next start."),
        _ => throw new InvalidOperationException($"a replay is never refused so: {refusal}"),
    };

    private static Problem Conflict(string code, string detail) => new(StatusCodes.Status409Conflict, code, detail);
}
