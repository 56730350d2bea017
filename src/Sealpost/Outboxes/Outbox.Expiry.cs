using Sealpost.Retry;

namespace Sealpost.Outboxes;

/// <content>
/// What expires while the outbox holds: at one due time, the oldest delivery's, the store marks a batch dead (protocol 4). What
/// goes out is checked when it becomes a head and before each attempt.
/// </content>
internal sealed partial class Outbox
{
    // When the oldest stored delivery's time is over, or is to be looked up; null: nothing is stored, or the outbox does not hold.
    private DateTimeOffset? _expiresAt;
    private bool _isSweepDue;
    private bool _isSweepQueued;

    /// <summary>A batch is being marked: nothing is read back meanwhile.</summary>
    public bool IsSweeping { get; private set; }

    /// <summary>When something is due: a round, an expiry, or the end of a pause.</summary>
    public DateTimeOffset? AlarmAt { get; private set; }

    private bool CanSweep => _isSweepDue && CanExpire && !IsSweeping && Removals.IsEmpty && _round is not { IsReading: true };

    private DeadReason ExpiryReason => Install.Enabled ? DeadReason.Expired : DeadReason.AppDisabled;

    private TimeSpan Lifetime => Install.Manifest.RetentionTime ?? Desk.Options.KeptWhileDisabled;

    private bool CanExpire => !Install.Deleted && (!Install.Enabled || (!IsPaused && Standing.State == InstallState.Failed));

    /// <summary>The batch that is to be marked now; null when things have changed since it was queued.</summary>
    public Sweep? BeginSweep(DateTimeOffset now)
    {
        _isSweepQueued = false;
        if (!CanSweep || LastRecord > Desk.CommittedRecord)
        {
            QueueSweep();
            return null;
        }

        (_isSweepDue, IsSweeping, _expiresAt) = (false, true, null);
        return new Sweep(this, now - Lifetime, ExpiryReason, InMemory());
    }

    /// <summary>The store has marked a batch.</summary>
    public void EndSweep(Sweep sweep, SweptBatch batch, DateTimeOffset now)
    {
        IsSweeping = false;
        foreach (var dead in batch.Dead)
        {
            if (dead.WasInLane)
            {
                Backlog.Lanes.Take(dead.ConversationKey, dead.Sequence);
            }

            Settle(dead.Delivery, dead.Bytes, now);
        }

        if (batch.IsFull)
        {
            _isSweepDue = true;
            QueueSweep();
        }
        else if (batch.OldestLeft is { } oldest)
        {
            ExpectExpiry(oldest);
        }

        ExpectExpiryOfProbes();
        SetAlarm();
        FindProbes();
        this.ReadOn();
    }

    /// <summary>The batch could not be written: it is tried again.</summary>
    public void CancelSweep()
    {
        (IsSweeping, _isSweepDue) = (false, true);
        QueueSweep();
    }

    /// <summary>Queues the batch that is due, as soon as nothing else is at work in the store for this outbox.</summary>
    public void QueueSweep()
    {
        if (!CanSweep || _isSweepQueued)
        {
            return;
        }

        if (LastRecord > Desk.CommittedRecord)
        {
            Desk.AwaitCommit(this);
            return;
        }

        _isSweepQueued = true;
        Desk.Sweeps.Enqueue(this);
    }

    private void BeginHolding(DateTimeOffset now)
    {
        (_isSweepDue, _expiresAt) = (false, IsHolding && Pending > 0 ? now : null);
        SetAlarm();
    }

    // A delivery accepted then is only stored now.
    private void ExpectExpiry(DateTimeOffset acceptedAt)
    {
        if (IsHolding && !(_expiresAt <= acceptedAt + Lifetime))
        {
            _expiresAt = acceptedAt + Lifetime;
            SetAlarm();
        }
    }

    // Probes that wait for their turn were left out of the batch: they are not in the store's oldest.
    private void ExpectExpiryOfProbes()
    {
        if (IsHolding)
        {
            foreach (var lane in AllLanes().Where(lane => lane.IsWaiting))
            {
                ExpectExpiry(lane.Head!.AcceptedAt);
            }
        }
    }

    private void RingSweep(DateTimeOffset now)
    {
        if (CanExpire && _expiresAt <= now)
        {
            LoseExpiredProbes(now);
            _isSweepDue = true;
            QueueSweep();
        }
    }

    private void SetAlarm()
    {
        var expiry = CanExpire && !_isSweepDue ? _expiresAt : null;
        var next = !IsPaused && NextRound is { } round && !(expiry < round) ? round : expiry;
        next = _heldUntil is { } held && !(next < held) ? held : next;
        if (next is { } at && next != AlarmAt)
        {
            Desk.SetAlarm(this, at);
        }

        AlarmAt = next;
    }
}
