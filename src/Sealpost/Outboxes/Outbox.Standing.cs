using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Outboxes;

/// <content>
/// How the install stands (protocol 4, by time to live): it fails with an attempt, rounds of probes find out when its endpoints
/// answer again, and it is up again when what waited is through.
/// </content>
internal sealed partial class Outbox
{
    private Round? _round;

    // Nothing is read back before this record is in the store.
    private long _readsAfter;

    // Pending deliveries up to the standing's watermark.
    private long _ahead;

    public Standing Standing { get; private set; } = Standing.Up;

    /// <summary>When its next round is due; null when none is, or one is under way.</summary>
    public DateTimeOffset? NextRound => Install.Enabled && _round is null ? Standing.RoundAt : null;

    /// <summary>
    /// Looks the probes of the round up that are still wanted, once everything that happened so far is in the store.
    /// </summary>
    public void FindProbes()
    {
        if (_round is not { IsReading: false, Wanted.Count: > 0 } round || !Removals.IsEmpty || IsSweeping)
        {
            return;
        }

        if (LastRecord > Desk.CommittedRecord)
        {
            Desk.AwaitCommit(this);
            return;
        }

        round.BeginRead();
        var types = EventTypesByEndpoint();
        Desk.Reads.Enqueue(new ProbeRead(this, round, [.. round.Wanted.Select(endpoint => new ProbeWish(endpoint, [.. types[endpoint]]))], InMemory()));
    }

    /// <summary>Its records are in the store: what waited for that goes on.</summary>
    public void Settled()
    {
        FindProbes();
        QueueSweep();
        if (_readsAfter > Desk.CommittedRecord)
        {
            Desk.AwaitCommit(this);
        }

        this.ReadOn();
    }

    /// <summary>Takes the heads that were found; a wish without one is of an endpoint that nothing in the store is a head for.</summary>
    public void Apply(ProbeRead read, IReadOnlyDictionary<string, StoredDelivery> heads, DateTimeOffset now)
    {
        if (read.Round != _round)
        {
            return;
        }

        _round.EndRead();
        QueueSweep();
        if (!Removals.IsEmpty || IsSweeping)
        {
            // Whoever is at work in the store asks again at its end.
            return;
        }

        var again = _round.IsStale;
        foreach (var (endpoint, _) in again ? [] : read.Wishes)
        {
            again |= !Probe(endpoint, heads.GetValueOrDefault(endpoint), now);
        }

        if (again)
        {
            FindProbes();
        }

        EndRoundIfOver(now);
    }

    /// <summary>Something is due: the next round, or the oldest deliveries' time is over.</summary>
    public void Ring(DateTimeOffset now)
    {
        AlarmAt = null;
        if (!IsPaused && NextRound <= now)
        {
            BeginRound(now);
        }

        RingSweep(now);
        RingHeld(now);
        SetAlarm();
    }

    /// <summary>As it was stored; before the pending deliveries are counted.</summary>
    public void Restore(Standing standing) => Standing = standing;

    /// <summary>The start is over: what is due rings.</summary>
    public void Begin(DateTimeOffset now)
    {
        if (Install.Manifest.RetentionTime is null && Standing != Standing.Up)
        {
            Stand(Standing.Up, now);
        }

        MoveOnIfThrough(now);
        BeginHolding(now);
        SetAlarm();
    }

    private void BeginRound(DateTimeOffset now)
    {
        _round = new Round(Standing.Failing.Keys);

        // Nothing goes to an endpoint that the install has no more.
        var types = EventTypesByEndpoint();
        foreach (var endpoint in Standing.Failing.Keys.Where(endpoint => !types.Contains(endpoint)))
        {
            LeaveUntested(endpoint);
        }

        FindProbes();
        EndRoundIfOver(now);
    }

    private void LeaveUntested(string endpoint)
    {
        _round!.Wanted.Remove(endpoint);
        Standing = Standing.Without(endpoint);
    }

    private ILookup<string, string> EventTypesByEndpoint() =>
        Install.Manifest.Webhooks.Values.ToLookup(webhook => webhook.Endpoint.OriginalString, webhook => webhook.EventType, StringComparer.Ordinal);

    // True: the endpoint's probe is found, or there is none. False: what was read is not what is now.
    private bool Probe(string endpoint, StoredDelivery? head, DateTimeOffset now)
    {
        if (head is null)
        {
            if (_round!.HasNewHead(endpoint))
            {
                return false;
            }

            // Where its only heads are in flight, the round waits for one to come back.
            if (!AllLanes().Any(lane => lane.Head is { } flying && DestinationOf(flying.EventType)?.Webhook.Endpoint.OriginalString == endpoint))
            {
                LeaveUntested(endpoint);
            }

            return true;
        }

        if (LaneOf(head.ConversationKey) is not null || !Backlog.Lanes.Holds(head.ConversationKey, head.Sequence))
        {
            return false;
        }

        Backlog.Lanes.Take(head.ConversationKey, head.Sequence);
        var lane = new Lane(this, head.ConversationKey);
        _lanes.Add(lane.Key, lane);
        Hold(lane, head.ToPending(isByNumbers: false));
        var destination = DestinationOf(head.EventType)!;
        if (IsExpired(lane.Head!, destination, now))
        {
            Die(lane, DeadReason.Expired, null, now);
            LetGo(lane);
            return false;
        }

        _round!.Sends(endpoint, lane);
        ExpectExpiry(head.AcceptedAt);
        MakeReady(lane, destination, now);
        return true;
    }

    // A probe that has expired before it was sent: the round takes the next one.
    private void LoseProbe(Lane lane, DateTimeOffset now)
    {
        _round?.Lose(lane);
        Die(lane, DeadReason.Expired, null, now);
        lane.BecomeIdle();
        LetGo(lane);
        FindProbes();
    }

    private void LoseExpiredProbes(DateTimeOffset now)
    {
        foreach (var lane in AllLanes().Where(lane => lane.IsWaiting && lane.Head!.AcceptedAt + Lifetime <= now).ToList())
        {
            LoseProbe(lane, now);
        }
    }

    private bool EndProbe(Lane lane, string endpoint, Outcome outcome, DateTimeOffset now)
    {
        if (_round?.EndpointOf(lane) is null)
        {
            return false;
        }

        _round.Probing.Remove(endpoint);
        if (!outcome.IsMade)
        {
            _round.Wanted.Add(endpoint);
            return true;
        }

        _round.LastEnd = now;
        _round.HasFailed |= !outcome.Succeeded;
        Standing = outcome.Succeeded ? Standing.Without(endpoint) : Standing.ProbeFailure(endpoint, lane.Head!.Id, outcome, now, Desk.Options.Retry);
        return true;
    }

    private void EndRoundIfOver(DateTimeOffset now)
    {
        if (_round is not { IsOver: true } round)
        {
            return;
        }

        _round = null;
        if (!Standing.Failing.IsEmpty)
        {
            Stand(Standing.RoundOver(round.LastEnd ?? now, round.HasFailed, Desk.Options.Retry), now);
            return;
        }

        StandNext(now);
        foreach (var webhook in Install.Manifest.Webhooks.Values)
        {
            // It comes back to a backlog: not all of it at once.
            DestinationOf(webhook.EventType)!.Origin.Limit.Restart();
        }

        this.ReadOn();
    }

    private void Fail(string endpoint, long delivery, Outcome outcome, DateTimeOffset now)
    {
        if (!Install.Enabled || Install.Deleted)
        {
            return;
        }

        var wasFailed = Standing.State == InstallState.Failed;
        Stand(Standing.Failure(endpoint, delivery, outcome, now, Desk.Options.Retry), now, outcome);
        if (!wasFailed)
        {
            UnloadAll();
            BeginHolding(now);
        }
        else if (_round is { HasBegun: false } && Standing.RoundAt > now)
        {
            // The endpoint has just asked for more time.
            _round = null;
            QueueSweep();
            SetAlarm();
        }
    }

    private DateTimeOffset NextRoundAt(DateTimeOffset now) =>
        (_round is null ? Standing : Standing.RoundOver(now, hasFailed: true, Desk.Options.Retry)).RoundAt ?? now;

    // Its attempt was in flight when the outbox began to hold, or was a probe: what is left of its lane goes back to the store.
    private void EndHolding(Lane lane, Decision decision)
    {
        if (lane.Head is { } head)
        {
            _round?.Returned();
            ExpectExpiry(head.AcceptedAt);
        }

        lane.BecomeIdle();
        if (lane.IsLoose && decision.Kind == DecisionKind.RetryInLane)
        {
            // It was a retry by numbers when it was sent; now its place is in its lane.
            ReturnToLane(lane);
        }

        Unload(lane);
        LetGo(lane);
        FindProbes();
    }

    private void AcceptHolding(PendingDelivery delivery, Lane? lane)
    {
        if (_round is not null && lane is null && !Backlog.Lanes.Contains(delivery.ConversationKey) && DestinationOf(delivery.EventType) is { } destination)
        {
            _round.NewHead(destination.Webhook.Endpoint.OriginalString);
        }

        Backlog.Append(delivery.Id, delivery.ConversationKey, delivery.Sequence);
        ExpectExpiry(delivery.AcceptedAt);
    }

    // A delivery is over: it may have been the last that the state waited for.
    private void Passed(long delivery, DateTimeOffset now)
    {
        if (Standing.State == InstallState.Failed)
        {
            Standing = Standing.Forget(delivery);
        }
        else if (delivery <= Standing.Watermark)
        {
            _ahead--;
            MoveOnIfThrough(now);
        }
    }

    private void MoveOnIfThrough(DateTimeOffset now)
    {
        while (Standing.State is InstallState.InTransition or InstallState.Recovered && _ahead == 0)
        {
            StandNext(now);
        }
    }

    private void StandNext(DateTimeOffset now)
    {
        _ahead = Pending;
        Stand(Standing.MoveOn(LastAccepted, Pending > 0), now);
    }

    private void Stand(Standing next, DateTimeOffset now, Outcome? because = null)
    {
        var before = Standing;
        Standing = next;
        Desk.Record(Install.Number, next);
        LastRecord = Desk.LastRecord;
        if (before.State == InstallState.Failed && next.State != InstallState.Failed)
        {
            // What is read back must know of every attempt so far.
            _readsAfter = LastRecord;
            Desk.AwaitCommit(this);
        }

        if (before.State != next.State)
        {
            Desk.Notes.Enqueue(new StandingNote(Install, now, before, next) { Because = because?.Kind });
        }

        SetAlarm();
    }

    private HashSet<long> InMemory() => [.. AllLanes().Select(lane => lane.Head).OfType<PendingDelivery>().Select(head => head.Id)];
}
