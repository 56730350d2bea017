using static Sealpost.Tests.Dispatch.DispatcherScript;

namespace Sealpost.Tests.Dispatch;

public sealed class DispatcherTests
{
    private static readonly Uri Vendor = new("https://vendor.example/hooks");
    private static readonly Uri Other = new("https://other.example/hooks");

    [Fact]
    public void Installs_of_one_origin_take_turns_however_many_lanes_each_has()
    {
        var dispatcher = NewDispatcher(inAll: 100, perOrigin: 100);
        dispatcher.Grow(Vendor);
        dispatcher.Enqueue(Vendor, owner: 1, lanes: 50);
        dispatcher.Enqueue(Vendor, owner: 2, lanes: 2);

        Assert.Equal([1, 2, 1, 2, 1, 1], dispatcher.Owners(6));
    }

    [Fact]
    public void Origins_take_turns_however_many_lanes_each_has()
    {
        var dispatcher = NewDispatcher(inAll: 100, perOrigin: 100);
        dispatcher.Grow(Vendor);
        dispatcher.Grow(Other);
        dispatcher.Enqueue(Vendor, owner: 1, lanes: 50);
        dispatcher.Enqueue(Other, owner: 2, lanes: 2);

        Assert.Equal([1, 2, 1, 2, 1], dispatcher.Owners(5));
    }

    [Fact]
    public void An_origin_bears_two_attempts_until_it_has_answered()
    {
        var dispatcher = NewDispatcher(inAll: 100, perOrigin: 8);
        dispatcher.Enqueue(Vendor, owner: 1, lanes: 100);

        Assert.Equal(2, dispatcher.Owners(100).Count);
        dispatcher.Answered(Vendor);
        Assert.Equal(2, dispatcher.Owners(100).Count);
    }

    [Fact]
    public void No_more_than_the_limit_in_all_is_in_flight_and_one_that_ends_makes_room()
    {
        var dispatcher = NewDispatcher(inAll: 3, perOrigin: 3);
        dispatcher.Grow(Vendor);
        dispatcher.Enqueue(Vendor, owner: 1, lanes: 5);

        Assert.Equal(3, dispatcher.Owners(5).Count);
        Assert.False(dispatcher.CanPick);
        dispatcher.Release(dispatcher.OriginOf(Vendor));
        Assert.True(dispatcher.CanPick);
        Assert.Single(dispatcher.Owners(5));
    }

    [Fact]
    public void A_lane_that_is_not_ready_any_more_is_passed_over()
    {
        var dispatcher = NewDispatcher(inAll: 9, perOrigin: 9);
        var gone = dispatcher.Enqueue(Vendor, owner: 1, lanes: 1)[0];
        gone.Ready = false;
        dispatcher.Enqueue(Vendor, owner: 2, lanes: 1);

        Assert.Equal([2], dispatcher.Owners(5));
    }

    [Fact]
    public void Endpoints_of_one_scheme_host_and_port_share_an_origin()
    {
        var dispatcher = NewDispatcher(inAll: 1, perOrigin: 1);

        Assert.Same(dispatcher.OriginOf(Vendor), dispatcher.OriginOf(new Uri("https://VENDOR.example:443/elsewhere?x=1")));
        Assert.NotSame(dispatcher.OriginOf(Vendor), dispatcher.OriginOf(new Uri("https://vendor.example:8443/hooks")));
    }
}
