using Sealpost.Dispatch;
using Sealpost.Sending;

namespace Sealpost.Tests.Dispatch;

/// <summary>A lane without deliveries: ready until it is picked.</summary>
internal sealed class ScriptedLane : QueuedLane
{
    public ScriptedLane(int owner, Origin origin)
        : base(owner) => Origin = origin;

    public bool Ready { get; set; } = true;

    public override bool IsReady => Ready;
}

/// <summary>Drives a dispatcher as the mailrooms do.</summary>
internal static class DispatcherScript
{
    public static Dispatcher NewDispatcher(int inAll, int perOrigin) =>
        new(new DispatchOptions { Concurrency = inAll, OriginConcurrency = perOrigin });

    public static List<ScriptedLane> Enqueue(this Dispatcher dispatcher, Uri endpoint, int owner, int lanes)
    {
        var made = Enumerable.Range(0, lanes).Select(_ => new ScriptedLane(owner, dispatcher.OriginOf(endpoint))).ToList();
        made.ForEach(dispatcher.Enqueue);
        return made;
    }

    /// <summary>Picks until nothing more may go, but at most so many; gives the owners in turn.</summary>
    public static List<int> Owners(this Dispatcher dispatcher, int most)
    {
        var owners = new List<int>();
        while (owners.Count < most && dispatcher.Pick() is ScriptedLane lane)
        {
            lane.Ready = false;
            owners.Add(lane.Owner);
        }

        return owners;
    }

    /// <summary>Fast answers before anything is sent, until the origin bears as much as the setting allows.</summary>
    public static void Grow(this Dispatcher dispatcher, Uri endpoint)
    {
        var limit = dispatcher.OriginOf(endpoint).Limit;
        for (var seen = -1; seen < limit.Current;)
        {
            seen = limit.Current;
            limit.Observe(new Outcome { Kind = OutcomeKind.Delivered, ResponseTime = TimeSpan.Zero, Duration = TimeSpan.Zero });
        }
    }

    /// <summary>An attempt ends with an answer.</summary>
    public static void Answered(this Dispatcher dispatcher, Uri endpoint, TimeSpan responseTime = default) =>
        dispatcher.End(endpoint, new Outcome { Kind = OutcomeKind.Delivered, ResponseTime = responseTime, Duration = responseTime });

    /// <summary>An attempt ends without one.</summary>
    public static void TimedOut(this Dispatcher dispatcher, Uri endpoint) =>
        dispatcher.End(endpoint, new Outcome { Kind = OutcomeKind.ReadTimeout, Duration = TimeSpan.FromSeconds(5) });

    private static void End(this Dispatcher dispatcher, Uri endpoint, Outcome outcome)
    {
        dispatcher.OriginOf(endpoint).Limit.Observe(outcome);
        dispatcher.Release(dispatcher.OriginOf(endpoint));
    }
}
