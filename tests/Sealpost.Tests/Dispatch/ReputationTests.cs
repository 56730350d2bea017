using Sealpost.Dispatch;
using static Sealpost.Tests.Dispatch.DispatcherScript;

namespace Sealpost.Tests.Dispatch;

/// <summary>How the places are shared out over quick, new and slow origins.</summary>
public sealed class ReputationTests
{
    private const int Quick = 1000, Newcomer = 2000;
    private static readonly Uri QuickOne = new("https://quick.example/");

    [Fact]
    public void Origins_that_hang_hold_half_of_all_places_however_many_they_are()
    {
        var dispatcher = NewDispatcher(inAll: 40, perOrigin: 8);
        Hang(dispatcher, 50);

        Assert.Equal(20, dispatcher.InFlight);
        Assert.Equal(20, QuickAfterwards(dispatcher));
    }

    [Fact]
    public void With_those_that_have_not_answered_yet_they_hold_three_quarters()
    {
        var dispatcher = NewDispatcher(inAll: 40, perOrigin: 8);
        Hang(dispatcher, 50);
        for (var i = 0; i < 50; i++)
        {
            dispatcher.Enqueue(Hanging(Newcomer + i), Newcomer + i, lanes: 5);
        }

        Assert.Equal(10, dispatcher.Owners(100).Count);
        Assert.Equal(10, QuickAfterwards(dispatcher));
    }

    [Fact]
    public void A_newcomer_is_tried_at_once_although_others_hang()
    {
        var dispatcher = NewDispatcher(inAll: 40, perOrigin: 8);
        Hang(dispatcher, 50);
        dispatcher.Enqueue(Hanging(Newcomer), Newcomer, lanes: 1);

        Assert.Equal([Newcomer], dispatcher.Owners(100));
    }

    [Fact]
    public void One_that_answers_fast_leaves_the_slow_ones_although_they_hold_all_they_may()
    {
        var dispatcher = NewDispatcher(inAll: 40, perOrigin: 8);
        Hang(dispatcher, 15);
        var back = Enumerable.Range(0, 15).First(i => dispatcher.OriginOf(Hanging(i)).InFlight == 2);
        dispatcher.Answered(Hanging(back));

        // Its other attempt is no longer among theirs, so each of the two places that it left is another's.
        Assert.Equal(2, dispatcher.Owners(100).Count(owner => owner == back));
        Assert.Equal(Reputation.Quick, dispatcher.OriginOf(Hanging(back)).Limit.Reputation);
        Assert.Equal(23, dispatcher.InFlight);
    }

    [Fact]
    public void What_is_in_flight_to_one_that_turns_slow_counts_among_the_slow()
    {
        var dispatcher = NewDispatcher(inAll: 40, perOrigin: 26);
        dispatcher.Grow(QuickOne);
        dispatcher.Enqueue(QuickOne, Quick, lanes: 26);
        Assert.Equal(26, dispatcher.Owners(100).Count);
        dispatcher.TimedOut(QuickOne);
        Enqueue(dispatcher, 0);
        Assert.Equal([0, 0], dispatcher.Owners(100));
        dispatcher.TimedOut(Hanging(0));

        Assert.Empty(dispatcher.Owners(100));
        for (var i = 0; i < 25; i++)
        {
            dispatcher.TimedOut(QuickOne);
        }

        Assert.Equal([0], dispatcher.Owners(100));
    }

    [Fact]
    public void Slow_ones_get_their_turn_beside_a_flood_of_quick_ones()
    {
        var dispatcher = NewDispatcher(inAll: 4, perOrigin: 4);
        Enqueue(dispatcher, 0);
        dispatcher.Owners(1);
        dispatcher.TimedOut(Hanging(0));
        dispatcher.Grow(QuickOne);
        dispatcher.Enqueue(QuickOne, Quick, lanes: 100);

        Assert.Contains(0, dispatcher.Owners(4));
    }

    [Fact]
    public void A_slow_answer_leaves_an_origin_among_the_slow()
    {
        var dispatcher = NewDispatcher(inAll: 4, perOrigin: 100);
        dispatcher.Enqueue(QuickOne, Quick, lanes: 100);
        dispatcher.Owners(1);
        dispatcher.Answered(QuickOne, TimeSpan.FromSeconds(2));

        Assert.Equal(2, dispatcher.Owners(100).Count);
    }

    [Fact]
    public void Of_one_place_all_have_their_turn()
    {
        var dispatcher = NewDispatcher(inAll: 1, perOrigin: 1);
        Enqueue(dispatcher, 0);
        Assert.Equal([0], dispatcher.Owners(9));
        dispatcher.TimedOut(Hanging(0));

        Assert.Equal([0], dispatcher.Owners(9));
    }

    private static Uri Hanging(int number) => new($"https://hanging-{number}.example/");

    private static void Enqueue(Dispatcher dispatcher, int number) => dispatcher.Enqueue(Hanging(number), number, lanes: 20);

    /// <summary>Lets so many origins hang until all that may be in flight to them is.</summary>
    private static void Hang(Dispatcher dispatcher, int origins)
    {
        for (var i = 0; i < origins; i++)
        {
            Enqueue(dispatcher, i);
        }

        HashSet<int> tried = [];
        while (dispatcher.Owners(100) is { Count: > 0 } owners && tried.Count < origins)
        {
            tried.UnionWith(owners);
            owners.ForEach(owner => dispatcher.TimedOut(Hanging(owner)));
        }
    }

    /// <summary>How many attempts to quick origins find a place now.</summary>
    private static int QuickAfterwards(Dispatcher dispatcher)
    {
        for (var i = 0; i < 10; i++)
        {
            var quick = new Uri($"https://quick-{i}.example/");
            dispatcher.Grow(quick);
            dispatcher.Enqueue(quick, Quick, lanes: 20);
        }

        return dispatcher.Owners(100).Count(owner => owner == Quick);
    }
}
