using Sealpost.Dispatch;
using Sealpost.Outboxes;
using Sealpost.Retry;
using Sealpost.Sending;
using Sealpost.Testing.Simulation;
using Sealpost.Tests.Simulation;

namespace Sealpost.Tests.Outboxes;

/// <summary>One outbox whose <c>t.One</c> has no way, while its <c>t.Two</c> goes straight.</summary>
public sealed class HeldLanesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private readonly Window _window = new(capacity: 10_000, pageRows: 4, perLane: 4);
    private readonly EndpointRoute _route = new(Route.Unknown);
    private readonly List<PendingDelivery> _stored = [];
    private readonly Desk _desk;
    private readonly Outbox _outbox;
    private long _id;

    public HeldLanesTests()
    {
        var install = new SimulatedWorld(StandingScene.NewManifest("app")).All[0];
        _desk = new Desk(_window, new Dispatcher(new DispatchOptions()), new OutboxOptions(), (_, endpoint) =>
            endpoint.Host == "a" ? _route : new EndpointRoute(Route.Direct));
        _outbox = new Outbox(install, new PendingTotals(), new MtlsPause(), _desk);
    }

    [Fact]
    public void What_is_held_takes_nothing_of_the_window()
    {
        for (var conversation = 1; conversation <= 100; conversation++)
        {
            Accept("t.One", conversation);
        }

        Assert.Equal((0, 100, 100), (_window.Used, _outbox.Pending, _outbox.Backlog.Lanes.Total));
        Assert.Empty(_desk.Reads);
        Accept("t.Two", conversation: 101);
        Assert.Equal(101, PickConversation());
    }

    [Fact]
    public void What_is_behind_a_held_delivery_of_its_conversation_is_held_with_it()
    {
        Accept("t.One", conversation: 1);
        Accept("t.Two", conversation: 1);
        Accept("t.Two", conversation: 2);
        ReadAll();

        Assert.Equal(2, PickConversation());
        Assert.Null(PickConversation());
        Assert.Equal(PlaceKind.Behind, PlaceOf(_stored[1]).Kind);
    }

    [Fact]
    public void What_was_held_is_read_from_its_oldest_on_as_soon_as_it_has_a_way()
    {
        Accept("t.One", conversation: 1);
        Accept("t.One", conversation: 2);
        Accept("t.Two", conversation: 1);
        Assert.Equal(PlaceKind.RouteUnknown, PlaceOf(_stored[0]).Kind);

        _outbox.Release(Now);
        Assert.Empty(_desk.Reads);
        _route.Present = Route.Direct;
        _outbox.Release(Now);
        ReadAll();

        Assert.Equal([1, 2, null], [PickConversation(), PickConversation(), PickConversation()]);
        Assert.Equal(0, _outbox.Backlog.Lanes.Total);
        Assert.Equal(2, _outbox.LaneOf(1)!.Count);
    }

    [Fact]
    public void The_cursor_goes_past_what_is_held()
    {
        Store("t.One", conversation: 1);
        Store("t.One", conversation: 1);
        Store("t.One", conversation: 2);
        Store("t.Two", conversation: 1);
        Store("t.Two", conversation: 3);
        _outbox.ReadOn();
        ReadAll();

        Assert.Equal(3, PickConversation());
        Assert.Null(PickConversation());
        Assert.Equal(4, _outbox.Backlog.Lanes.Total);
    }

    [Fact]
    public void Once_what_filled_the_window_is_held_the_cursor_goes_on()
    {
        _route.Present = Route.Direct;
        for (var conversation = 1; conversation <= 10; conversation++)
        {
            Accept("t.One", conversation);
        }

        Accept("t.Two", conversation: 11);
        Assert.Empty(_desk.Reads);
        _route.Present = Route.Unknown;
        for (var picks = 0; picks < 10; picks++)
        {
            Assert.Null(PickConversation());
        }

        Assert.Equal(0, _window.Used);
        ReadAll();
        Assert.Equal(11, PickConversation());
    }

    [Fact]
    public void A_page_that_was_under_way_when_held_lanes_were_released_is_read_again()
    {
        Accept("t.One", conversation: 1);
        Store("t.Two", conversation: 2);
        _outbox.ReadOn();
        var page = (PageRead)_desk.Reads.Dequeue();
        var rows = Rows(page);
        _route.Present = Route.Direct;
        _outbox.Release(Now);

        Assert.Empty(_outbox.Choose(page, rows, Now));
        _outbox.Apply(page, rows, Bodies(rows), Now);
        ReadAll();

        Assert.Equal([1, 2], [PickConversation(), PickConversation()]);
    }

    [Fact]
    public void What_is_held_expires_when_its_time_is_over_and_what_is_behind_it_goes_out()
    {
        Accept("t.One", conversation: 1);
        Accept("t.Two", conversation: 1, Now.AddSeconds(1));
        var end = Now + StandingScene.Retention;
        Assert.Equal(end, _outbox.AlarmAt);

        _outbox.Ring(end);
        ReadAll(end);
        var record = Assert.Single(_desk.SwapRecords(new RecordBatch()).Outcomes);
        Assert.Equal((_stored[0].Id, DeadReason.Expired), (record.Delivery, record.Reason!.Value));
        Assert.Equal(1, PickConversation(end));
    }

    [Fact]
    public void What_a_lane_had_asked_for_when_it_was_held_comes_after_what_left_memory()
    {
        _route.Present = Route.Direct;
        for (var i = 0; i < 6; i++)
        {
            Accept("t.One", conversation: 1);
        }

        DeliverNext();
        DeliverNext();
        DeliverNext();
        var read = Assert.IsType<LaneRead>(_desk.Reads.Dequeue());
        _route.Present = Route.Unknown;
        Assert.Null(PickConversation());
        _route.Present = Route.Direct;
        Answer(read);
        _outbox.Release(Now);
        ReadAll();

        Assert.Equal([4, 5, 6], [DeliverNext(), DeliverNext(), DeliverNext()]);
    }

    [Fact]
    public void A_lane_that_finds_its_next_delivery_without_a_way_leaves_the_rest_where_it_is()
    {
        for (var i = 0; i < 6; i++)
        {
            Accept(i < 4 ? "t.Two" : "t.One", conversation: 1);
        }

        Assert.Equal([1, 2, 3, 4], [DeliverNext(), DeliverNext(), DeliverNext(), DeliverNext()]);
        Answer(Assert.IsType<LaneRead>(_desk.Reads.Dequeue()));
        Assert.Equal((5, 2), (_outbox.Backlog.Lanes.FirstOf(1), _outbox.Backlog.Lanes.Total));

        _route.Present = Route.Direct;
        _outbox.Release(Now);
        ReadAll();
        Assert.Equal([5, 6], [DeliverNext(), DeliverNext()]);
    }

    private void Accept(string eventType, long conversation, DateTimeOffset? at = null) =>
        _outbox.Accept(NewDelivery(eventType, conversation, at ?? Now), at ?? Now);

    // As at the start.
    private void Store(string eventType, long conversation)
    {
        var delivery = NewDelivery(eventType, conversation, Now);
        _outbox.Backlog.Append(delivery.Id, delivery.ConversationKey, delivery.Sequence);
        _outbox.Owe(delivery.Id, delivery.Body.Length);
    }

    private PendingDelivery NewDelivery(string eventType, long conversation, DateTimeOffset at)
    {
        var delivery = new PendingDelivery
        {
            Id = ++_id,
            ConversationKey = conversation,
            Conversation = "c",
            Sequence = _stored.Count(earlier => earlier.ConversationKey == conversation) + 1,
            EventType = eventType,
            AcceptedAt = at,
            Body = new byte[200],
        };
        _stored.Add(delivery);
        return delivery;
    }

    private void ReadAll(DateTimeOffset? at = null)
    {
        while (_desk.Reads.TryDequeue(out var read))
        {
            var page = Assert.IsType<PageRead>(read);
            var rows = Rows(page);
            var chosen = _outbox.Choose(page, rows, at ?? Now);
            _outbox.Apply(page, rows, Bodies(rows.Where(row => chosen.Contains(row.Id))), at ?? Now);
        }
    }

    private void Answer(LaneRead read) =>
        _outbox.Apply(read, [.. Bodies(_stored.Where(delivery => read.Deliveries.Contains(delivery.Id)).Select(Row)).Values], Now);

    private List<BacklogRow> Rows(PageRead page) => [.. _stored.Where(delivery => delivery.Id > page.AfterId).Take(page.Rows).Select(Row)];

    private static BacklogRow Row(PendingDelivery delivery) =>
        new(delivery.Id, delivery.ConversationKey, delivery.Sequence, delivery.EventType, delivery.Body.Length, delivery.AcceptedAt);

    private Dictionary<long, StoredDelivery> Bodies(IEnumerable<BacklogRow> rows) => rows.ToDictionary(row => row.Id, row => new StoredDelivery
    {
        Id = row.Id,
        Install = _outbox.Install.Number,
        ConversationKey = row.ConversationKey,
        Conversation = "c",
        Sequence = row.Sequence,
        EventType = row.EventType,
        AcceptedAt = row.AcceptedAt,
        Attempts = 0,
        Body = new byte[row.Bytes],
    });

    // The conversation of the next attempt; null: none was ready, or its lane is held now.
    private long? PickConversation(DateTimeOffset? at = null)
    {
        if (_desk.Dispatcher.Pick() is not Lane lane)
        {
            return null;
        }

        var origin = lane.Origin!;
        if (_outbox.Begin(lane, at ?? Now) is not null)
        {
            return lane.Key;
        }

        _desk.Dispatcher.Release(origin);
        return null;
    }

    // The sequence of the next attempt, which succeeds.
    private long DeliverNext()
    {
        var lane = (Lane)_desk.Dispatcher.Pick()!;
        var (attempt, origin) = (_outbox.Begin(lane, Now)!, lane.Origin!);
        _outbox.End(lane, attempt, EngineScene.Delivered(TimeSpan.Zero), Now);
        _desk.Dispatcher.Release(origin);
        return attempt.Sequence;
    }

    private Place PlaceOf(PendingDelivery delivery) => _outbox.PlaceOf(delivery.Id, delivery.ConversationKey, delivery.Sequence);
}
