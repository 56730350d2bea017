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
internal sealed partial class Outbox(Install install, PendingTotals totals, Desk desk)
{
    private readonly Dictionary<long, Lane> _lanes = [];
    private readonly HashSet<Lane> _loose = [];
    private readonly Dictionary<string, Destination?> _destinations = new(StringComparer.Ordinal);

    // A change makes everything due at once, what is stored too (protocol 2); only what failed after it keeps its due time.
    private readonly Dictionary<long, DateTimeOffset> _dueAfterChange = [];
    private bool _wasChanged;

    public Install Install { get; private set; } = install;

    /// <summary>Deliveries that are neither delivered nor dead.</summary>
    public long Pending { get; private set; }

    public Desk Desk { get; } = desk;

    public Backlog Backlog { get; } = new();

    public OverdueRetries Retries { get; } = new();

    /// <summary>Counts how often waiting retries were put back into their lanes (<see cref="DueRetry.Round"/>).</summary>
    public int Round { get; private set; }

    public RemovalsUnderWay Removals { get; } = new();

    /// <summary>Nothing is attempted: the install is disabled or deleted, or its waiting retries are being put back.</summary>
    public bool IsPaused { get; private set; } = !install.Enabled || install.Deleted;

    public int InFlight { get; private set; }

    /// <summary>Bytes of the window that its deliveries take.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>The number of its last record (<see cref="Desk.LastRecord"/>).</summary>
    public long LastRecord { get; private set; }

    /// <summary>Whether stored deliveries may come back now.</summary>
    public bool CanRead => !IsPaused && Removals.IsEmpty;

    public Lane? LaneOf(long conversation) => _lanes.GetValueOrDefault(conversation);

    /// <summary>The lanes whose heads wait to be tried again.</summary>
    public IEnumerable<Lane> Held() => _lanes.Values.Where(lane => lane.State == LaneState.Held);

    /// <summary>The place beside the lanes where this retry by numbers stands, once it is due; null when it does not.</summary>
    public Lane? LooseOf(long delivery) => _loose.FirstOrDefault(lane => lane.Head?.Id == delivery);

    /// <summary>Takes a delivery that has just been committed: into its lane, or as stored.</summary>
    public void Accept(PendingDelivery delivery, DateTimeOffset now)
    {
        Owe(1, delivery.Body.Length);
        var lane = LaneOf(delivery.ConversationKey);
        var mustPass = lane is not null && (lane.Count >= Desk.Window.PerLane || !lane.Passed.IsEmpty);
        if (!IsPaused && mustPass && !Backlog.HasMore)
        {
            Backlog.AppendPassed(lane!, delivery.Id, delivery.Sequence);
        }
        else if (IsPaused || mustPass || Backlog.Lanes.Contains(delivery.ConversationKey) || Desk.Window.RoomFor(HeldBytes) < delivery.WindowBytes)
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

    /// <summary>Whether as many bytes may be loaded; one delivery may in any case, so that each outbox makes progress.</summary>
    public bool HasRoomFor(long bytes) => HeldBytes == 0 || Desk.Window.RoomFor(HeldBytes) >= bytes;

    /// <summary>Puts a delivery into its lane's memory, behind all others there.</summary>
    public void Load(PendingDelivery delivery, DateTimeOffset now)
    {
        if (delivery.DueAt is not null && Install.Manifest.RetentionTime is null)
        {
            // Left from a time to live whose end was cut short by a crash: as by-numbers it has not been attempted.
            delivery.Attempts = 0;
        }

        if (_wasChanged)
        {
            delivery.DueAt = _dueAfterChange.Remove(delivery.Id, out var due) ? due : null;
        }
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
            else if (IsExpired(head, destination, now))
            {
                Die(lane, DeadReason.Expired, null, now);
            }
            else if (head.DueAt > now && RetryPolicy.Of(Install, destination.Webhook).ExpiresAt(head.AcceptedAt) is { } end)
            {
                Desk.Hold(lane, head.DueAt < end ? head.DueAt.Value : end);
                break;
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

    /// <summary>The lane's head goes out now; null when it has expired while it was ready, and the lane has gone on.</summary>
    public Attempt? Begin(Lane lane, DateTimeOffset now)
    {
        var head = lane.Head!;
        var destination = DestinationOf(head.EventType)!;
        if (IsExpired(head, destination, now))
        {
            Continue(lane, now);
            return null;
        }

        lane.BecomeInFlight();
        InFlight++;
        return new Attempt
        {
            Delivery = new DeliveryId(head.Id),
            Number = head.Attempts + 1,
            Sequence = head.Sequence,
            Install = Install,
            Webhook = destination.Webhook,
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
                Desk.Waiting.Add(new DueRetry(head.Id, Install.Number, head.Attempts, Round), decision.DueAt);
                Unhold(lane.Pop());
                break;
            case DecisionKind.RetryInLane:
                Record(head, DeliveryState.InLane, decision, outcome, now);
                head.DueAt = decision.DueAt;
                break;
            case DecisionKind.NotMade:
                break;
            default:
                throw new InvalidOperationException($"no such decision: {decision.Kind}");
        }

        if (head.IsRemoved)
        {
            Removals.Ended(LastRecord);
        }

        if (IsPaused)
        {
            EndPaused(lane);
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
                ? new Destination(webhook, Desk.Dispatcher.OriginOf(webhook.Endpoint))
                : null;
            _destinations.Add(eventType, destination);
        }

        return destination;
    }

    private IEnumerable<Lane> AllLanes() => _lanes.Values.Concat(_loose);

    private bool IsExpired(PendingDelivery delivery, Destination destination, DateTimeOffset now) =>
        RetryRules.IsExpired(RetryPolicy.Of(Install, destination.Webhook), delivery.AcceptedAt, now);

    private Decision Decide(PendingDelivery head, Outcome outcome, DateTimeOffset now)
    {
        if (!head.IsRemoved && DestinationOf(head.EventType) is { } destination)
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
