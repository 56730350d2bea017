using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Outboxes;

/// <content>
/// Lanes whose head has no way to its endpoint now (protocol 5): MTLS has not said yet which one it is, or takes no more of the
/// account. They are held, and none is sent straight instead.
/// </content>
internal sealed partial class Outbox
{
    // When held lanes are looked at again without anybody asking: the pause is over, or a head has expired.
    private DateTimeOffset? _heldUntil;

    /// <summary>How an endpoint that it has is reached now.</summary>
    public Route RouteOf(string eventType) => DestinationOf(eventType)?.Route.Present ?? Route.Unknown;

    /// <summary>Until when its lanes to mapped endpoints are held.</summary>
    public DateTimeOffset PausedUntil => pause.Until;

    /// <summary>Routes have changed, or the time has come: held lanes that have a way now go on.</summary>
    public void Release(DateTimeOffset now)
    {
        _heldUntil = null;
        foreach (var lane in AllLanes().Where(lane => lane.State == LaneState.Held).ToList())
        {
            if (IsHolding)
            {
                MakeReady(lane, DestinationOf(lane.Head!.EventType)!, now);
            }
            else
            {
                Continue(lane, now);
            }
        }

        SetAlarm();
    }

    private bool HasWay(Destination destination, DateTimeOffset now) => destination.Route.Present switch
    {
        Route.Direct => true,
        Route.Mtls => !pause.IsOn(now),
        Route.Unknown => false,
    };

    private void MakeReady(Lane lane, Destination destination, DateTimeOffset now)
    {
        if (HasWay(destination, now))
        {
            lane.BecomeReady(destination.Origin);
            Desk.Dispatcher.Enqueue(lane);
        }
        else
        {
            KeepBack(lane, destination, now);
        }
    }

    private void KeepBack(Lane lane, Destination destination, DateTimeOffset now)
    {
        lane.BecomeHeld();
        LookAgain(destination.Route.Present == Route.Mtls ? pause.Until : null);
        if (!IsHolding)
        {
            // Where the outbox holds, the sweep looks at it.
            LookAgain(RetryPolicy.Of(Install, destination.Webhook).ExpiresAt(lane.Head!.AcceptedAt));
        }

        SetAlarm();

        void LookAgain(DateTimeOffset? at) => _heldUntil = at > now && !(_heldUntil <= at) ? at : _heldUntil;
    }

    private void RingHeld(DateTimeOffset now)
    {
        if (_heldUntil <= now)
        {
            Release(now);
        }
    }
}
