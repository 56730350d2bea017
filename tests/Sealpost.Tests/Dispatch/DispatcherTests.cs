using Sealpost.Dispatch;
using Sealpost.Sending;

namespace Sealpost.Tests.Dispatch;

public sealed class DispatcherTests
{
    private static readonly Uri Vendor = new("https://vendor.example/hooks");
    private static readonly Uri Other = new("https://other.example/hooks");

    [Fact]
    public void Installs_of_one_origin_take_turns_however_many_lanes_each_has()
    {
        var dispatcher = NewDispatcher(inAll: 100, perOrigin: 100);
        Enqueue(dispatcher, Vendor, owner: 1, lanes: 50);
        Enqueue(dispatcher, Vendor, owner: 2, lanes: 2);

        Assert.Equal([1, 2, 1, 2, 1, 1], Owners(dispatcher, 6));
    }

    [Fact]
    public void Origins_take_turns_however_many_lanes_each_has()
    {
        var dispatcher = NewDispatcher(inAll: 100, perOrigin: 100);
        Enqueue(dispatcher, Vendor, owner: 1, lanes: 50);
        Enqueue(dispatcher, Other, owner: 2, lanes: 2);

        Assert.Equal([1, 2, 1, 2, 1], Owners(dispatcher, 5));
    }

    [Fact]
    public void An_origin_that_hangs_does_not_pin_the_pool()
    {
        var dispatcher = NewDispatcher(inAll: 10, perOrigin: 8);
        Enqueue(dispatcher, Vendor, owner: 1, lanes: 100);
        var hanging = dispatcher.OriginOf(Vendor);
        Assert.Equal(8, Owners(dispatcher, 100).Count);
        for (var i = 0; i < 8; i++)
        {
            hanging.Limit.Observe(new Outcome { Kind = OutcomeKind.ReadTimeout, Duration = TimeSpan.FromSeconds(5) });
            dispatcher.Release(hanging);
        }

        Enqueue(dispatcher, Other, owner: 2, lanes: 100);
        var owners = Owners(dispatcher, 100);

        Assert.Equal((2, 8), (owners.Count(owner => owner == 1), owners.Count(owner => owner == 2)));
    }

    [Fact]
    public void No_more_than_the_limit_in_all_is_in_flight_and_one_that_ends_makes_room()
    {
        var dispatcher = NewDispatcher(inAll: 3, perOrigin: 3);
        Enqueue(dispatcher, Vendor, owner: 1, lanes: 5);

        Assert.Equal(3, Owners(dispatcher, 5).Count);
        Assert.False(dispatcher.CanPick);
        dispatcher.Release(dispatcher.OriginOf(Vendor));
        Assert.Single(Owners(dispatcher, 5));
    }

    [Fact]
    public void A_lane_that_is_not_ready_any_more_is_passed_over()
    {
        var dispatcher = NewDispatcher(inAll: 9, perOrigin: 9);
        var gone = Enqueue(dispatcher, Vendor, owner: 1, lanes: 1)[0];
        gone.Ready = false;
        Enqueue(dispatcher, Vendor, owner: 2, lanes: 1);

        Assert.Equal([2], Owners(dispatcher, 5));
    }

    [Fact]
    public void Endpoints_of_one_scheme_host_and_port_share_an_origin()
    {
        var dispatcher = NewDispatcher(inAll: 1, perOrigin: 1);

        Assert.Same(dispatcher.OriginOf(Vendor), dispatcher.OriginOf(new Uri("https://VENDOR.example:443/elsewhere?x=1")));
        Assert.NotSame(dispatcher.OriginOf(Vendor), dispatcher.OriginOf(new Uri("https://vendor.example:8443/hooks")));
    }

    private static Dispatcher NewDispatcher(int inAll, int perOrigin) =>
        new(new DispatchOptions { Concurrency = inAll, OriginConcurrency = perOrigin });

    private static List<ScriptedLane> Enqueue(Dispatcher dispatcher, Uri endpoint, int owner, int lanes)
    {
        var made = Enumerable.Range(0, lanes).Select(_ => new ScriptedLane(owner, dispatcher.OriginOf(endpoint))).ToList();
        made.ForEach(dispatcher.Enqueue);
        return made;
    }

    private static List<int> Owners(Dispatcher dispatcher, int most)
    {
        var owners = new List<int>();
        while (owners.Count < most && dispatcher.Pick() is ScriptedLane lane)
        {
            lane.Ready = false;
            owners.Add(lane.Owner);
        }

        return owners;
    }

    private sealed class ScriptedLane : QueuedLane
    {
        public ScriptedLane(int owner, Origin origin)
            : base(owner) => Origin = origin;

        public bool Ready { get; set; } = true;

        public override bool IsReady => Ready;
    }
}
