using Sealpost.Dispatch;

namespace Sealpost.Outboxes;

/// <summary>Where a lane stands.</summary>
internal enum LaneState
{
    /// <summary>Empty, or its outbox does not send now.</summary>
    Idle,

    /// <summary>Its head waits for its turn.</summary>
    Ready,

    /// <summary>Its head is a probe and has no way to its endpoint now. Other lanes without a way leave memory.</summary>
    Held,

    /// <summary>Its head is being attempted.</summary>
    InFlight,
}

/// <summary>
/// The deliveries of one conversation of one install that are in memory, first in, first out: at most one is in flight, so
/// delivery n+1 is not attempted before n's outcome is known.
/// </summary>
/// <param name="outbox">Whose lane it is.</param>
/// <param name="key">The conversation.</param>
/// <param name="isLoose">A retry by numbers on its own: it has left its lane and is bound to no order.</param>
/// <remarks>Not thread-safe: guarded by the lock of the mailrooms.</remarks>
internal sealed class Lane(Outbox outbox, long key, bool isLoose = false) : QueuedLane(outbox.Install.Number)
{
    private PendingDelivery? _tail;

    public Outbox Outbox { get; } = outbox;

    public long Key { get; } = key;

    public bool IsLoose { get; } = isLoose;

    public LaneState State { get; private set; }

    public PendingDelivery? Head { get; private set; }

    /// <summary>Deliveries in memory, one in flight included.</summary>
    public int Count { get; private set; }

    /// <summary>Stored deliveries that only the lane itself brings back.</summary>
    public PassedDeliveries Passed { get; } = new();

    /// <summary>A read of this lane's next stored deliveries is under way.</summary>
    public bool IsRefilling { get; set; }

    /// <summary>When its head's attempt began, while it is in flight.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>Its attempt in flight began as a probe of a failed install.</summary>
    public bool IsProbe { get; private set; }

    /// <summary>Its head may be sent, but for its turn and its way.</summary>
    public bool IsWaiting => State is LaneState.Ready or LaneState.Held;

    public override bool IsReady => State == LaneState.Ready;

    public void Append(PendingDelivery delivery)
    {
        if (_tail is null)
        {
            Head = delivery;
        }
        else
        {
            _tail.Next = delivery;
        }

        _tail = delivery;
        Count++;
    }

    /// <summary>Takes the head away: its outcome is known.</summary>
    public PendingDelivery Pop()
    {
        var head = Head!;
        Head = head.Next;
        head.Next = null;
        _tail = Head is null ? null : _tail;
        Count--;
        return head;
    }

    /// <summary>Cuts off everything behind the head, or the head too.</summary>
    /// <returns>The first of what was cut off; its <see cref="PendingDelivery.Next"/> chain is the rest.</returns>
    public PendingDelivery? CutOff(bool keepHead)
    {
        var cut = keepHead ? Head!.Next : Head;
        Count = keepHead ? 1 : 0;
        Head = keepHead ? Head : null;
        _tail = Head;
        if (Head is not null)
        {
            Head.Next = null;
        }

        return cut;
    }

    /// <summary>Its stored deliveries are left to the backlog; an answer to a read of its own is void.</summary>
    public void ForgetPassed()
    {
        Passed.Clear();
        IsRefilling = false;
    }

    public void BecomeReady(Origin origin)
    {
        Origin = origin;
        State = LaneState.Ready;
    }

    public void BecomeInFlight(DateTimeOffset now, bool isProbe)
    {
        State = LaneState.InFlight;
        (StartedAt, IsProbe) = (now, isProbe);
    }

    public void BecomeHeld() => State = LaneState.Held;

    public void BecomeIdle() => State = LaneState.Idle;
}
