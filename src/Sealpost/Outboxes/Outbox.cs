using Sealpost.Deliveries;
using Sealpost.Installs;
using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Outboxes;

/// <summary>
/// One install's lanes and its durable backlog. An accepted delivery goes into its lane's memory while there is room, else it
/// stays in the store and is read back in accepted order (<see cref="BacklogReading"/>).
/// </summary>
/// <remarks>
/// The invariant of everything here: of one conversation, the deliveries in memory come before those only stored. Not
/// thread-safe: guarded by the lock of the mailrooms.
/// </remarks>
internal sealed class Outbox(Install install, PendingTotals totals, Desk desk)
{
    private readonly Dictionary<long, Lane> _lanes = [];
    private readonly HashSet<Lane> _loose = [];
    private readonly Dictionary<string, Destination?> _destinations = new(StringComparer.Ordinal);

    public Install Install { get; private set; } = install;

    /// <summary>Deliveries that are neither delivered nor dead.</summary>
    public long Pending { get; private set; }

    public Desk Desk { get; } = desk;

    public Backlog Backlog { get; } = new();

    public List<Removal> Removals { get; } = [];

    /// <summary>Nothing is attempted: the install is disabled or deleted, or its waiting retries are being put back.</summary>
    public bool IsPaused { get; private set; } = !install.Enabled || install.Deleted;

    public int InFlight { get; private set; }

    /// <summary>Bytes of the window that its deliveries take.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>The number of its last record (<see cref="Desk.LastRecord"/>).</summary>
    public long LastRecord { get; private set; }

    public Lane? LaneOf(long conversation) => _lanes.GetValueOrDefault(conversation);

    /// <summary>The lanes whose heads wait to be tried again.</summary>
    public IEnumerable<Lane> Held() => _lanes.Values.Where(lane => lane.State == LaneState.Held);

    /// <summary>The place beside the lanes where this retry by numbers stands, once it is due; null when it does not.</summary>
    public Lane? LooseOf(long delivery) => _loose.FirstOrDefault(lane => lane.Head?.Id == delivery);

    /// <summary>Takes a delivery that has just been committed: into its lane, or as stored.</summary>
    public void Accept(PendingDelivery delivery, DateTimeOffset now)
    {
        if (Install.Deleted)
        {
            // Accepted in the very moment the app was removed.
            Record(delivery, DeliveryState.Dead, Decision.Dead(DeadReason.AppRemoved), null, now);
            return;
        }

        Owe(1, delivery.Body.Length);
        var lane = LaneOf(delivery.ConversationKey);
        if (!IsPaused && lane is not null && (lane.Count >= Window.MaxPerLane || Backlog.Lanes.IsBehind(lane)))
        {
            Backlog.AppendPassed(lane, delivery.Sequence);
        }
        else if (IsPaused || Backlog.Lanes.Contains(delivery.ConversationKey) || Desk.Window.RoomFor(HeldBytes) < delivery.WindowBytes)
        {
            Backlog.Append(delivery.Id, delivery.ConversationKey, delivery.Sequence);
            this.ReadOn();
        }
        else
        {
            Load(delivery, now);
        }
    }

    /// <summary>More or less is pending, here and in the account.</summary>
    public void Owe(int deliveries, long bytes)
    {
        Pending += deliveries;
        totals.Add(deliveries, bytes);
    }

    /// <summary>Puts a delivery into its lane's memory, behind all others there.</summary>
    public void Load(PendingDelivery delivery, DateTimeOffset now)
    {
        if (!_lanes.TryGetValue(delivery.ConversationKey, out var lane))
        {
            _lanes.Add(delivery.ConversationKey, lane = new Lane(this, delivery.ConversationKey));
        }

        Hold(delivery);
        lane.Append(delivery);
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
        Hold(delivery);
        lane.Append(delivery);
        Continue(lane, now);
    }

    /// <summary>
    /// Brings the lane's next delivery that can be sent to its front and makes the lane ready; what has expired or lost its
    /// webhook dies on the way. An empty lane is refilled or let go.
    /// </summary>
    public void Continue(Lane lane, DateTimeOffset now)
    {
        while (!IsPaused && lane.Head is { } head)
        {
            var destination = DestinationOf(head.EventType);
            if (destination is null)
            {
                Die(lane, DeadReason.AppRemoved, null, now);
            }
            else if (RetryRules.IsExpired(RetryPolicy.Of(Install, destination.Webhook), head.AcceptedAt, now))
            {
                Die(lane, DeadReason.Expired, null, now);
            }
            else
            {
                lane.BecomeReady(destination.Origin);
                Desk.Dispatcher.Enqueue(lane);
                break;
            }
        }

        if (lane.Head is null)
        {
            lane.BecomeIdle();
            LetGo(lane);
        }
        else if (IsPaused)
        {
            lane.BecomeIdle();
        }

        this.ReadOn(lane);
    }

    /// <summary>The lane's head goes out now.</summary>
    public Attempt Begin(Lane lane)
    {
        var head = lane.Head!;
        lane.BecomeInFlight();
        InFlight++;
        return new Attempt
        {
            Delivery = new DeliveryId(head.Id),
            Number = head.Attempts + 1,
            Sequence = head.Sequence,
            Install = Install,
            Webhook = DestinationOf(head.EventType)!.Webhook,
            Body = head.Body,
        };
    }

    /// <summary>The lane's head has come back: decides, records, and lets the lane go on.</summary>
    /// <returns>The decision, for the metrics and the log of attempts.</returns>
    public Decision End(Lane lane, Outcome outcome, DateTimeOffset now)
    {
        InFlight--;
        var head = lane.Head!;
        head.Attempts += outcome.Kind == OutcomeKind.Abandoned ? 0 : 1;
        var decision = Decide(head, outcome, now);
        switch (decision.Kind)
        {
            case DecisionKind.Delivered:
                Record(head, DeliveryState.Delivered, decision, outcome, now);
                Finish(lane);
                break;
            case DecisionKind.Dead:
                Die(lane, decision.Reason, outcome, now);
                break;
            case DecisionKind.RetryBesideLane:
                Record(head, DeliveryState.Waiting, decision, outcome, now);
                Desk.Waiting.Add(new DueRetry(head.Id, Install.Number, head.Attempts), decision.DueAt);
                Unhold(lane.Pop());
                break;
            case DecisionKind.RetryInLane:
                Record(head, DeliveryState.InLane, decision, outcome, now);
                break;
            case DecisionKind.NotMade:
                break;
            default:
                throw new InvalidOperationException($"no such decision: {decision.Kind}");
        }

        if (IsPaused)
        {
            lane.BecomeIdle();
            Unload(lane);
            LetGo(lane);
        }
        else if (decision.Kind == DecisionKind.RetryInLane)
        {
            Desk.Hold(lane, decision.DueAt);
        }
        else
        {
            Continue(lane, now);
        }

        return decision;
    }

    /// <summary>Works as <paramref name="changed"/> from now on: what waits is tried at once, at its new endpoint.</summary>
    public void Change(Install changed, DateTimeOffset now)
    {
        Install = changed;
        _destinations.Clear();
        foreach (var lane in _lanes.Values.Concat(_loose).Where(lane => lane.State is LaneState.Ready or LaneState.Held).ToList())
        {
            Continue(lane, now);
        }
    }

    /// <summary>Stops attempting and leaves everything to the store; attempts in flight end as they end.</summary>
    public void Pause()
    {
        IsPaused = true;
        UnloadAll();
    }

    /// <summary>Attempts again, from the backlog's oldest on.</summary>
    public void Resume()
    {
        IsPaused = false;
        this.ReadOn();
    }

    /// <summary>Everything in memory but what is in flight goes back to being only stored.</summary>
    public void UnloadAll()
    {
        foreach (var lane in _lanes.Values.Concat(_loose).ToList())
        {
            Unload(lane);
            LetGo(lane);
        }

        Backlog.Rewind(long.MinValue);
    }

    /// <summary>Forgets a lane with nothing in memory, unless it has to read stored deliveries back by itself.</summary>
    public void LetGo(Lane lane)
    {
        if (lane.Head is not null)
        {
            return;
        }

        if (lane.IsLoose)
        {
            _loose.Remove(lane);
        }
        else if (!Backlog.Lanes.IsBehind(lane))
        {
            _lanes.Remove(lane.Key);
        }
    }

    public Destination? DestinationOf(string eventType)
    {
        if (!_destinations.TryGetValue(eventType, out var destination))
        {
            destination = Install.Manifest.Webhooks.TryGetValue(eventType, out var webhook)
                ? new Destination(webhook, Desk.Dispatcher.OriginOf(webhook.Endpoint))
                : null;
            _destinations.Add(eventType, destination);
        }

        return destination;
    }

    private Decision Decide(PendingDelivery head, Outcome outcome, DateTimeOffset now)
    {
        if (DestinationOf(head.EventType) is { } destination)
        {
            return RetryRules.Decide(
                RetryPolicy.Of(Install, destination.Webhook), head.Attempts, head.AcceptedAt, outcome, now, Desk.Retry);
        }

        // Its webhook was removed while it was in flight: a success counts, anything else ends it.
        return outcome.Succeeded ? Decision.Delivered : Decision.Dead(DeadReason.AppRemoved);
    }

    private void Die(Lane lane, DeadReason reason, Outcome? outcome, DateTimeOffset now)
    {
        Record(lane.Head!, DeliveryState.Dead, Decision.Dead(reason), outcome, now);
        Finish(lane);
    }

    private void Finish(Lane lane)
    {
        var done = lane.Pop();
        Unhold(done);
        Owe(-1, -done.Body.Length);
    }

    private void Record(PendingDelivery delivery, DeliveryState state, Decision decision, Outcome? outcome, DateTimeOffset now)
    {
        Desk.Record(new OutcomeRecord
        {
            Delivery = delivery.Id,
            State = state,
            Attempts = delivery.Attempts,
            At = now,
            DueAt = state is DeliveryState.Waiting or DeliveryState.InLane ? decision.DueAt : null,
            Reason = state == DeliveryState.Dead ? decision.Reason : null,
            Outcome = outcome,
        });
        LastRecord = Desk.LastRecord;
    }

    private void Unload(Lane lane)
    {
        var isInFlight = lane.State == LaneState.InFlight;
        var cut = lane.Head is null ? null : lane.CutOff(keepHead: isInFlight);
        lane.SkippedThrough = 0;
        lane.IsRefilling = false;
        if (!isInFlight)
        {
            lane.BecomeIdle();
        }

        if (cut is null)
        {
            return;
        }

        if (lane.IsLoose)
        {
            Unhold(cut);
            Desk.Waiting.Add(new DueRetry(cut.Id, Install.Number, cut.Attempts), cut.AcceptedAt);
            return;
        }

        var (count, last) = (0, cut.Id);
        for (var delivery = cut; delivery is not null; delivery = delivery.Next)
        {
            Unhold(delivery);
            last = delivery.Id;
            count++;
        }

        Backlog.Lanes.Return(lane.Key, cut.Sequence, count);
        Backlog.Rewind(last);
    }

    private void Hold(PendingDelivery delivery)
    {
        HeldBytes += delivery.WindowBytes;
        Desk.Window.Take(delivery.WindowBytes);
    }

    private void Unhold(PendingDelivery delivery)
    {
        HeldBytes -= delivery.WindowBytes;
        Desk.Window.Release(delivery.WindowBytes);
    }
}
