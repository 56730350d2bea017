using Sealpost.Installs;

namespace Sealpost.Testing.Simulation;

/// <summary>What one install is owed, as seen from outside: its lanes, what is pending, and where each would go now.</summary>
internal sealed class OwedInstall(Install first, EndpointBits bits, VirtualClock clock)
{
    private readonly Dictionary<long, OwedLane> _lanes = [];
    private int _firstPending;

    public InstallHistory History { get; } = new(first, clock);

    public Install Present => History.Present;

    public int Number => first.Number;

    /// <summary>All that it was ever owed, in accepted order.</summary>
    public List<OwedDelivery> Deliveries { get; } = [];

    public IReadOnlyCollection<OwedLane> Lanes => _lanes.Values;

    public long LastAccepted => Deliveries.Count == 0 ? 0 : Deliveries[^1].Id;

    /// <summary>It changed to a time to live, and its waiting retries are on the way back to their lanes: no head is certain.</summary>
    public bool IsReturning { get; set; }

    /// <summary>Its retries go by time to live, and it is enabled.</summary>
    public bool IsOnDuty => Present is { Enabled: true, Deleted: false } && !InstallHistory.IsByNumbers(Present);

    /// <summary>What is dying, or goes back into its lane, waits for attempts in flight, and the rest for that.</summary>
    public bool IsHeldUp => IsReturning || Pending().Any(owed => owed.IsDying || EndLaws.IsRemoved(owed, Present));

    /// <summary>The endpoints of all its webhooks.</summary>
    public ulong Endpoints => Present.Manifest.Webhooks.Values.Aggregate(0UL, (all, webhook) => all | bits.Of(webhook.Endpoint));

    public OwedLane LaneOf(OwedDelivery owed) => _lanes[owed.Row.Row.ConversationKey];

    public void Add(OwedDelivery owed, DateTimeOffset now)
    {
        if (!_lanes.TryGetValue(owed.Row.Row.ConversationKey, out var lane))
        {
            _lanes.Add(owed.Row.Row.ConversationKey, lane = new OwedLane());
        }

        lane.Add(owed, now);
        Deliveries.Add(owed);
    }

    /// <summary>The endpoint that it would go to now; 0: none.</summary>
    public ulong EndpointOf(OwedDelivery owed) =>
        InstallHistory.WebhookOf(Present, owed.Event.EventType) is { } webhook ? bits.Of(webhook.Endpoint) : 0;

    /// <summary>It may be dead by now, whether its row says so or not yet.</summary>
    public bool MayBeDead(OwedDelivery owed) => !owed.IsInFlight
        && (owed.IsOver || owed.IsRemoved || owed.IsPresumedDead || EndLaws.IsRemoved(owed, Present) || EndLaws.IsPastItsTime(owed, Present, clock.Latest));

    public IEnumerable<OwedDelivery> Pending() => Deliveries.Skip(FirstPlace()).Where(static owed => owed.Row.IsPending);

    public LaneHeads Look()
    {
        var (possible, certain, sendable) = (0UL, 0UL, 0UL);
        foreach (var lane in _lanes.Values)
        {
            var head = lane.Head();
            if (lane.Flight is { } flight)
            {
                var (made, present) = (bits.Of(flight.Endpoint!), EndpointOf(lane.Deliveries[head]));
                possible |= made | present;
                certain |= flight == lane.Deliveries[head] && made == present ? present : 0;
                continue;
            }

            var endpoints = 0UL;
            var i = head;
            for (; i < lane.Deliveries.Count && MayBeDead(lane.Deliveries[i]); i++)
            {
                endpoints |= EndpointOf(lane.Deliveries[i]);
            }

            endpoints |= i < lane.Deliveries.Count ? EndpointOf(lane.Deliveries[i]) : 0;
            possible |= endpoints;
            if (i == head)
            {
                certain |= endpoints;
                sendable |= endpoints;
            }
        }

        return IsReturning
            ? new LaneHeads(possible | Endpoints, 0, 0, FirstPending(), FirstAlive())
            : new LaneHeads(possible, certain, sendable, FirstPending(), FirstAlive());
    }

    /// <summary>A lane head for this endpoint that is older and has been there, not in flight, since before a moment; null: none.</summary>
    public OwedDelivery? OlderHead(OwedDelivery owed, ulong endpoint, DateTimeOffset since)
    {
        foreach (var lane in _lanes.Values)
        {
            if (!IsReturning && lane.InFlight == 0 && lane.QuietSince < since && lane.Head() < lane.Deliveries.Count
                && lane.Deliveries[lane.Head()] is var head && head.Id < owed.Id && EndpointOf(head) == endpoint && !MayBeDead(head))
            {
                return head;
            }
        }

        return null;
    }

    /// <summary>Deliveries that are past their time (by more than a moment if the clock was set back) and have no recorded end.</summary>
    public OwedDelivery? Overdue(DateTimeOffset now)
    {
        for (var i = FirstPlace(); i < Deliveries.Count && Deliveries[i].AcceptedAt + EndLaws.TimeOf(Present) <= now; i++)
        {
            if (Deliveries[i].Row.IsPending && !Deliveries[i].IsInFlight && !Deliveries[i].IsOver && EndLaws.IsPastItsTime(Deliveries[i], Present, now))
            {
                return IsHeldUp ? null : Deliveries[i];
            }
        }

        return null;
    }

    public void Crash()
    {
        (_firstPending, IsReturning) = (0, false);
        foreach (var lane in _lanes.Values)
        {
            lane.Crash();
        }
    }

    private long FirstPending() => FirstPlace() < Deliveries.Count ? Deliveries[FirstPlace()].Id : long.MaxValue;

    private int FirstPlace()
    {
        while (_firstPending < Deliveries.Count && Deliveries[_firstPending].IsOver)
        {
            _firstPending++;
        }

        return _firstPending;
    }

    private long FirstAlive()
    {
        var alive = FirstPlace();
        while (alive < Deliveries.Count && MayBeDead(Deliveries[alive]))
        {
            alive++;
        }

        return alive < Deliveries.Count ? Deliveries[alive].Id : long.MaxValue;
    }
}
