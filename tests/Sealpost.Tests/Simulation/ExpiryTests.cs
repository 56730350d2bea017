using Sealpost.Deliveries;
using Sealpost.Dispatch;
using Sealpost.Protocol.Installs;
using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Simulation;

/// <summary>What the engine keeps in memory when others expire must expire in time too.</summary>
public sealed class ExpiryTests
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(3);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void What_fails_by_numbers_after_its_install_was_disabled_expires_at_the_tick()
    {
        var scene = new EngineScene(new SimulationOptions(), StandingScene.NewManifest("app") with { RetentionTime = null })
        {
            Answer = static _ => EngineScene.Hangs(),
        };
        var accepted = scene.Now;
        scene.Publish("t.Two", "conversation");
        scene.Run(until: accepted.AddSeconds(1));
        scene.Change(static install => install with { Enabled = false });
        scene.Run(until: accepted + Kept);

        Assert.Equal([(accepted + Kept, accepted + Kept, DeliveryState.Dead, "app_disabled")], scene.Ends);
    }

    [Fact]
    public void A_probe_that_waits_for_its_turn_while_an_older_delivery_expires_does_so_in_its_time()
    {
        var (isFirst, isBusy) = (true, false);
        var neighbour = new Webhook("t.Three", new Uri("https://a/neighbour"), 0, []);
        var oneAtATime = new SimulationOptions { Dispatch = new DispatchOptions { Concurrency = 6, OriginConcurrency = 1 } };
        var scene = new EngineScene(
            oneAtATime,
            StandingScene.NewManifest("app") with { RetentionTime = TimeSpan.FromSeconds(10) },
            StandingScene.NewManifest("neighbour") with { RetentionTime = null, Webhooks = new Dictionary<string, Webhook> { [neighbour.EventType] = neighbour } })
        {
            Answer = host => host == "a" && isBusy ? EngineScene.Hangs() : EngineScene.Fails(host == "b" && isFirst ? TimeSpan.FromSeconds(1.5) : Moment),
        };
        var start = scene.Now;
        scene.Publish("t.Two", "older");
        scene.Run(until: start.AddSeconds(1));
        scene.Publish("t.One", "younger");
        scene.Run(until: start.AddSeconds(2));
        isFirst = false;

        // The round at 7 s finds its host busy with the neighbour until 11.5 s.
        scene.Run(until: start.AddSeconds(6.5));
        isBusy = true;
        scene.Publish("t.Three", "neighbour");
        scene.Run(until: start.AddSeconds(11.4));

        Assert.Equal([start.AddSeconds(10), start.AddSeconds(11)], scene.Ends.Select(static end => end.Clock));
        Assert.All(scene.Ends, static end => Assert.Equal("expired", end.Reason));
    }
}
