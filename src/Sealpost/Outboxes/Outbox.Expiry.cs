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
    private bool _isSweepQueued;

    /// <summary>A batch is being marked: nothing is read back meanwhile.</summary>
    public bool IsSweeping { get; private set; }

    /// <summary>When something is due: a round, or an expiry.</summary>
    public DateTimeOffset? AlarmAt { get; private set; }

    private TimeSpan Lifetime => Install.Manifest.RetentionTime ?? Desk.Options.KeptWhileDisabled;

    private bool CanExpire => !Install.Deleted && (!Install.Enabled || (!IsPaused && Standing.State == InstallState.Failed));

    /// <summary>The batch that is to be marked now. Null: not now; or nothing holds any more.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="mayLater">Whether to ask again.</param>
    public Sweep? BeginSweep(DateTimeOffset now, out bool mayLater)
    {
        mayLater = false;
        if (!CanExpire)
        {
            _isSweepQueued = false;
            return null;
        }

        if (LastRecord > Desk.CommittedRecord || !Removals.IsEmpty || _round is { IsReading: true })
        {
            mayLater = true;
            return null;
        }

        (_isSweepQueued, IsSweeping, _expiresAt) = (false, true, null);
        return new Sweep(this, now - Lifetime, Install.Enabled ? DeadReason.Expired : DeadReason.AppDisabled, InMemory());
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
            QueueSweep();
        }
        else if (batch.OldestLeft is { } oldest)
        {
            ExpectExpiry(oldest);
        }

        SetAlarm();
        FindProbes();
        this.ReadOn();
    }

    /// <summary>The batch could not be written: it is tried again.</summary>
    public void CancelSweep()
    {
        IsSweeping = false;
        QueueSweep();
    }

    private void BeginHolding(DateTimeOffset now)
    {
        _expiresAt = IsHolding && Pending > 0 ? now : null;
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

    private void RingSweep(DateTimeOffset now)
    {
        if (CanExpire && _expiresAt <= now && !_isSweepQueued && !IsSweeping)
        {
            QueueSweep();
        }
    }

    private void QueueSweep()
    {
        _isSweepQueued = true;
        Desk.Sweeps.Enqueue(this);
    }

    private void SetAlarm()
    {
        var expiry = CanExpire && !_isSweepQueued && !IsSweeping ? _expiresAt : null;
        var next = NextRound is { } round && !(expiry < round) ? round : expiry;
        if (next is { } at && next != AlarmAt)
        {
            Desk.SetAlarm(this, at);
        }

        AlarmAt = next;
    }
}
