using Sealpost.Deliveries;
using Sealpost.Installs;
using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Outboxes;

/// <summary>
/// One install's lanes, its durable backlog and its standing. An accepted delivery goes into its lane's memory while there is
/// room, else it stays in the store and is read back in accepted order (<see cref="BacklogReading"/>).
/// </summary>
/// <remarks>
/// The invariant of everything here: of one conversation, the deliveries in memory come before those only stored. Not
/// thread-safe: guarded by the lock of the mailrooms.
/// </remarks>
internal sealed partial class Outbox(Install install, PendingTotals totals, MtlsPause pause, Desk desk)
{
    private readonly Dictionary<long, Lane> _lanes = [];
    private readonly HashSet<Lane> _loose = [];
    private readonly Dictionary<string, Destination?> _destinations = new(StringComparer.Ordinal);

    public Install Install { get; private set; } = install;

    /// <summary>Deliveries that are neither delivered nor dead.</summary>
    public long Pending { get; private set; }

    /// <summary>The last delivery accepted so far.</summary>
    public long LastAccepted { get; private set; }

    public Desk Desk { get; } = desk;

    public Backlog Backlog { get; } = new();

    public OverdueRetries Retries { get; } = new();

    /// <summary>Counts how often waiting retries were put back into their lanes (<see cref="DueRetry.Era"/>).</summary>
    public int Era { get; private set; }

    public RemovalsUnderWay Removals { get; } = new();

    /// <summary>Nothing is attempted: the install is disabled or deleted, or its waiting retries are being put back.</summary>
    public bool IsPaused { get; private set; } = !install.Enabled || install.Deleted;

    /// <summary>What is accepted is only stored, and nothing but probes is attempted.</summary>
    public bool IsHolding => IsPaused || Standing.State == InstallState.Failed;

    public int InFlight { get; private set; }

    /// <summary>Bytes of the window that its deliveries take.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>The number of its last record (<see cref="Desk.LastRecord"/>).</summary>
    public long LastRecord { get; private set; }

    /// <summary>Whether stored deliveries may come back now.</summary>
    public bool CanRead => !IsHolding && Removals.IsEmpty && !IsSweeping && _readsAfter <= Desk.CommittedRecord;

    public Lane? LaneOf(long conversation) => _lanes.GetValueOrDefault(conversation);

    /// <summary>The place beside the lanes where this retry by numbers stands, once it is due; null when it does not.</summary>
    public Lane? LooseOf(long delivery) => _loose.FirstOrDefault(lane => lane.Head?.Id == delivery);

    /// <summary>Takes a delivery that has just been committed: into its lane, or as stored.</summary>
    public void Accept(PendingDelivery delivery, DateTimeOffset now)
    {
        Owe(delivery.Id, delivery.Body.Length);
        var lane = LaneOf(delivery.ConversationKey);
        var mustPass = lane is not null && (lane.Count >= Desk.Window.PerLane || !lane.Passed.IsEmpty);
        if (IsHolding)
        {
            AcceptHolding(delivery, lane);
        }
        else if (mustPass && !Backlog.HasMore)
        {
            Backlog.AppendPassed(lane!, delivery.Id, delivery.Sequence);
        }
        else if (mustPass || Backlog.Lanes.Contains(delivery.ConversationKey) || Desk.Window.RoomFor(HeldBytes) < delivery.WindowBytes)
        {
            Backlog.Append(delivery.Id, delivery.ConversationKey, delivery.Sequence);
            this.ReadOn();
        }
        else
        {
            Load(delivery, now);
        }
    }

    /// <summary>One more is pending, here and in the account.</summary>
    public void Owe(long delivery, int bytes)
    {
        LastAccepted = Math.Max(LastAccepted, delivery);
        Pending++;
        _ahead += delivery <= Standing.Watermark ? 1 : 0;
        totals.Add(1, bytes);
    }

    /// <summary>A delivery is over, delivered or dead.</summary>
    public void Settle(long delivery, int bytes, DateTimeOffset now)
    {
        Pending--;
        totals.Add(-1, -bytes);
        Passed(delivery, now);
    }

    /// <summary>Whether as many bytes may be loaded; one delivery may in any case, so that each outbox makes progress.</summary>
    public bool HasRoomFor(long bytes) => HeldBytes == 0 || Desk.Window.RoomFor(HeldBytes) >= bytes;

    /// <summary>Puts a delivery into its lane's memory, behind all others there.</summary>
    public void Load(PendingDelivery delivery, DateTimeOffset now)
    {
        if (!_lanes.TryGetValue(delivery.ConversationKey, out var lane))
        {
            _lanes.Add(delivery.ConversationKey, lane = new Lane(this, delivery.ConversationKey));
        }

        Hold(lane, delivery);
        if (lane.State == LaneState.Idle)
        {
            Continue(lane, now);
        }
    }

    /// <summary>Puts a due retry by numbers beside the lanes.</summary>
    public void LoadLoose(PendingDelivery delivery, DateTimeOffset now)
    {
        var lane = new Lane(this, delivery.ConversationKey, isLoose: true);
        _loose.Add(lane);
        Hold(lane, delivery);
        Continue(lane, now);
    }

    /// <summary>
    /// Brings the lane's next delivery that can be sent to its front and makes the lane ready; what has expired or lost its
    /// webhook dies on the way. An empty lane is refilled or let go.
    /// </summary>
    public void Continue(Lane lane, DateTimeOffset now)
    {
        while (!IsHolding && lane.Head is { } head)
        {
            var destination = DestinationOf(head.EventType);
            if (destination is null)
            {
                Die(lane, DeadReason.AppRemoved, null, now);
            }
            else if (IsExpired(head, destination, now))
            {
                Die(lane, DeadReason.Expired, null, now);
            }
            else
            {
                MakeReady(lane, destination, now);
                break;
            }
        }

        if (lane.Head is null)
        {
            lane.BecomeIdle();
            LetGo(lane);
        }
        else if (IsHolding)
        {
            lane.BecomeIdle();
        }

        this.ReadOn(lane);
    }

    /// <summary>The lane's head goes out now; null when it has expired, or lost its way, while it was ready: the lane has gone on or is held.</summary>
    public Attempt? Begin(Lane lane, DateTimeOffset now)
    {
        var head = lane.Head!;
        var destination = DestinationOf(head.EventType)!;
        if (IsExpired(head, destination, now))
        {
            if (IsHolding)
            {
                LoseProbe(lane, now);
            }
            else
            {
                Continue(lane, now);
            }

            return null;
        }

        if (!HasWay(destination, now))
        {
            KeepBack(lane, destination, now);
            this.ReadOn();
            return null;
        }

        lane.BecomeInFlight(now, isProbe: IsHolding);
        Watch(destination.Webhook.Endpoint.OriginalString, lane);
        InFlight++;
        return new Attempt
        {
            Delivery = new DeliveryId(head.Id),
            Number = head.Attempts + 1,
            Sequence = head.Sequence,
            Install = Install,
            Webhook = destination.Webhook,
            Route = destination.Route.Present,
            Body = head.Body,
            ReplayOf = head.ReplayOf == 0 ? null : new DeliveryId(head.ReplayOf),
        };
    }

    /// <summary>The lane's head has come back: decides, records, moves the install's state on, and lets the lane go on.</summary>
    /// <returns>The decision, for the metrics and the log of attempts.</returns>
    public Decision End(Lane lane, Attempt attempt, Outcome outcome, DateTimeOffset now)
    {
        InFlight--;
        var head = lane.Head!;
        var (isRemoved, policy) = (head.RemovedBecause is not null, PolicyOf(head));
        var endpoint = attempt.Webhook.Endpoint.OriginalString;
        head.Attempts += (policy is { } counting ? RetryRules.Counts(counting, outcome) : outcome.IsMade) ? 1 : 0;
        if (outcome.Kind == OutcomeKind.Throttled)
        {
            pause.Begin(outcome.RetryAfter, Desk.Options.Retry.BackoffMax, now);
        }

        Watch(endpoint, outcome, lane, now);
        var isProbe = EndProbe(lane, endpoint, outcome, now);
        if (!isProbe && head.RemovedBecause is not DeadReason.AppRemoved && policy is { } present && RetryRules.FailsInstall(present, outcome))
        {
            Fail(endpoint, head.Id, outcome, now);
        }

        var decision = Carry(lane, Decide(head, policy, outcome, now), outcome, now);
        if (isRemoved)
        {
            Removals.Ended(LastRecord);
        }

        if (isProbe)
        {
            EndRoundIfOver(now);
        }

        if (IsHolding)
        {
            EndHolding(lane, decision);
        }
        else
        {
            Continue(lane, now);
        }

        return decision;
    }

    /// <summary>Forgets a lane with nothing in memory, unless it has to read stored deliveries back by itself.</summary>
    public void LetGo(Lane lane)
    {
        if (lane.Head is not null || lane.IsRefilling)
        {
            return;
        }

        if (lane.IsLoose)
        {
            _loose.Remove(lane);
        }
        else if (lane.Passed.IsEmpty)
        {
            _lanes.Remove(lane.Key);
        }
    }

    public Destination? DestinationOf(string eventType)
    {
        if (!_destinations.TryGetValue(eventType, out var destination))
        {
            destination = Install.Manifest.Webhooks.TryGetValue(eventType, out var webhook)
                ? new Destination(webhook, Desk.Dispatcher.OriginOf(webhook.Endpoint), Desk.FindRoute(Install.Account, webhook.Endpoint))
                : null;
            _destinations.Add(eventType, destination);
        }

        return destination;
    }

    private IEnumerable<Lane> AllLanes() => _lanes.Values.Concat(_loose);

    private RetryPolicy? PolicyOf(PendingDelivery delivery) =>
        DestinationOf(delivery.EventType) is { } destination ? RetryPolicy.Of(Install, destination.Webhook) : null;

    private bool IsExpired(PendingDelivery delivery, Destination destination, DateTimeOffset now) =>
        RetryRules.IsExpired(RetryPolicy.Of(Install, destination.Webhook), delivery.AcceptedAt, now);

    private Decision Decide(PendingDelivery head, RetryPolicy? policy, Outcome outcome, DateTimeOffset now)
    {
        if (head.RemovedBecause is null && policy is { } present)
        {
            var decision = RetryRules.Decide(present, head.Attempts, head.AcceptedAt, outcome, now, Desk.Options.Retry);
            return decision is { Kind: DecisionKind.Dead, Reason: DeadReason.Expired } ? Decision.Dead(ExpiryReason) : decision;
        }

        // It was dropped, or lost its webhook, while it was in flight: a success counts, anything else ends it.
        return outcome.Succeeded ? Decision.Delivered : Decision.Dead(head.RemovedBecause ?? DeadReason.AppRemoved);
    }

    private Decision Carry(Lane lane, Decision decision, Outcome outcome, DateTimeOffset now)
    {
        var head = lane.Head!;
        switch (decision.Kind)
        {
            case DecisionKind.Delivered:
                Record(head, DeliveryState.Delivered, decision, outcome, now);
                Finish(lane, now);
                break;
            case DecisionKind.Dead:
                Die(lane, decision.Reason, outcome, now);
                break;
            case DecisionKind.RetryBesideLane:
                Record(head, DeliveryState.Waiting, decision, outcome, now);
                Desk.Waiting.Add(new DueRetry(head.Id, Install.Number, head.Attempts, Era), decision.DueAt);
                Unhold(lane.Pop());
                ExpectExpiry(head.AcceptedAt);
                break;
            case DecisionKind.RetryInLane:
                decision = decision with { DueAt = NextRoundAt(now) };
                Record(head, DeliveryState.InLane, decision, outcome, now);
                break;
            case DecisionKind.NotMade:
                break;
            default:
                throw new InvalidOperationException($"no such decision: {decision.Kind}");
        }

        return decision;
    }

    private void Die(Lane lane, DeadReason reason, Outcome? outcome, DateTimeOffset now)
    {
        Record(lane.Head!, DeliveryState.Dead, Decision.Dead(reason), outcome, now);
        Finish(lane, now);
    }

    private void Finish(Lane lane, DateTimeOffset now)
    {
        var done = lane.Pop();
        Unhold(done);
        Settle(done.Id, done.Body.Length, now);
    }

    private void Record(PendingDelivery delivery, DeliveryState state, Decision decision, Outcome? outcome, DateTimeOffset now)
    {
        Desk.Record(new OutcomeRecord
        {
            Delivery = delivery.Id,
            Install = Install.Number,
            State = state,
            Attempts = delivery.Attempts,
            At = now,
            DueAt = state is DeliveryState.Waiting or DeliveryState.InLane ? decision.DueAt : null,
            Reason = state == DeliveryState.Dead ? decision.Reason : null,
            Outcome = outcome,
        });
        LastRecord = Desk.LastRecord;
    }

    private void Hold(Lane lane, PendingDelivery delivery)
    {
        HeldBytes += delivery.WindowBytes;
        Desk.Window.Take(delivery.WindowBytes);
        lane.Append(delivery);
    }

    private void Unhold(PendingDelivery delivery)
    {
        HeldBytes -= delivery.WindowBytes;
        Desk.Window.Release(delivery.WindowBytes);
    }
}
