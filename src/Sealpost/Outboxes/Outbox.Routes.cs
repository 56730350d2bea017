using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Outboxes;

/// <content>
/// Lanes whose head has no way to its endpoint now (protocol 5): MTLS has not said yet which one it is, or takes no more of the
/// account. They are held, and none is sent straight instead. What is held is only stored, but for a probe.
/// </content>
internal sealed partial class Outbox
{
    // When what is held is looked at again without anybody asking: the pause is over, or a head has expired.
    private DateTimeOffset? _heldUntil;

    /// <summary>How an endpoint that it has is reached now.</summary>
    public Route RouteOf(string eventType) => DestinationOf(eventType)?.Route.Present ?? Route.Unknown;

    /// <summary>Until when its lanes to mapped endpoints are held.</summary>
    public DateTimeOffset PausedUntil => pause.Until;

    /// <summary>Routes have changed, or the time has come: what was held and has a way now goes on, what has expired dies.</summary>
    public void Release(DateTimeOffset now)
    {
        _heldUntil = null;
        foreach (var probe in AllLanes().Where(lane => lane.State == LaneState.Held).ToList())
        {
            MakeReady(probe, DestinationOf(probe.Head!.EventType)!, now);
        }

        Retries.Release(HasWayNow);
        var held = Backlog.Held;
        if (held.ExpiresAt <= now || held.EventTypes.Any(HasWayNow))
        {
            Backlog.Release();
        }

        if (Retries.HasHeld || !held.IsEmpty)
        {
            LookAgain(pause.Until, now);
            LookAgain(held.ExpiresAt, now);
        }

        SetAlarm();
        this.ReadOn();

        bool HasWayNow(string eventType) => DestinationOf(eventType) is not { } destination || HasWay(destination, now);
    }

    /// <summary>Whether a lane with this head has something to do now: the head can be sent, or dies.</summary>
    public bool CanGoOn(string eventType, DateTimeOffset acceptedAt, DateTimeOffset now) =>
        DestinationOf(eventType) is not { } destination || HasWay(destination, now)
        || RetryRules.IsExpired(RetryPolicy.Of(Install, destination.Webhook), acceptedAt, now);

    /// <summary>The lane that this stored delivery is the head of is held.</summary>
    public void HoldBack(BacklogRow head, DateTimeOffset now) =>
        HoldBack(head.ConversationKey, head.Id, throughId: head.Id, DestinationOf(head.EventType)!, head.AcceptedAt, now);

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
        if (IsHolding)
        {
            lane.BecomeHeld();
            LookAgainAtPause(destination, now);
            return;
        }

        var head = lane.Head!;
        lane.BecomeIdle();
        if (lane.IsLoose)
        {
            Unhold(lane.Pop());
            Retries.Hold(new DueRetry(head.Id, Install.Number, head.Attempts, Era), head.EventType);
            LookAgainAtPause(destination, now);
        }
        else
        {
            lane.ForgetPassed();
            var last = ReturnToStore(lane, lane.CutOff(keepHead: false)!);
            HoldBack(lane.Key, head.Id, last, destination, head.AcceptedAt, now);
        }

        LetGo(lane);
    }

    private void HoldBack(long conversation, long head, long throughId, Destination destination, DateTimeOffset acceptedAt, DateTimeOffset now)
    {
        var expiresAt = RetryPolicy.Of(Install, destination.Webhook).ExpiresAt(acceptedAt);
        Backlog.Hold(conversation, head, throughId, destination.Webhook.EventType, expiresAt);
        LookAgain(expiresAt, now);
        LookAgainAtPause(destination, now);
    }

    private void LookAgainAtPause(Destination destination, DateTimeOffset now) =>
        LookAgain(destination.Route.Present == Route.Mtls ? pause.Until : null, now);

    private void LookAgain(DateTimeOffset? at, DateTimeOffset now)
    {
        if (at > now && !(_heldUntil <= at))
        {
            _heldUntil = at;
            SetAlarm();
        }
    }

    private void RingHeld(DateTimeOffset now)
    {
        if (_heldUntil <= now)
        {
            Release(now);
        }
    }
}
