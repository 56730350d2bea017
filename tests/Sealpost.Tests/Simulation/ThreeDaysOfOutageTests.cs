using Sealpost.Deliveries;
using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Simulation;

/// <summary>
/// An endpoint is away for three days and more, as long as the longest time to live: every attempt is made at its time, and
/// every event expires at its tick. The times are worked out here, by hand.
/// </summary>
public sealed class ThreeDaysOfOutageTests
{
    private const int Retention = 259_200;
    private const int SecondEvent = 3_600;

    private static readonly TimeSpan Answers = TimeSpan.FromMilliseconds(70);
    private static readonly int[] FirstWaits = [2, 4, 8, 16, 32, 64, 128, 256];

    [Fact]
    public void Every_attempt_of_three_days_is_made_at_its_time_and_expiry_comes_at_the_tick()
    {
        var isBack = false;
        var scene = new EngineScene(new SimulationOptions(), StandingScene.NewManifest("app"))
        {
            Answer = _ => isBack ? EngineScene.Delivered(Answers) : EngineScene.Fails(Answers),
        };
        var accepted = scene.Now;
        scene.Publish("t.One", "first");
        scene.Run(until: accepted.AddSeconds(SecondEvent));
        var secondAccepted = scene.Now;
        scene.Publish("t.One", "second");
        scene.Run(until: secondAccepted.AddSeconds(Retention + 600));

        // The schedule goes on over the death of the first event: the second is probed by then.
        Assert.Equal(Schedule(accepted, secondAccepted.AddSeconds(Retention)), scene.Attempts);
        Assert.Equal(
            [
                (accepted.AddSeconds(Retention), accepted.AddSeconds(Retention), DeliveryState.Dead, "expired"),
                (secondAccepted.AddSeconds(Retention), secondAccepted.AddSeconds(Retention), DeliveryState.Dead, "expired"),
            ],
            scene.Ends);

        // Nothing is left to test: what comes next goes out at once, to an endpoint that is back.
        (isBack, var published) = (true, scene.Now);
        scene.Publish("t.One", "third");
        scene.Run(until: published.AddSeconds(10));
        Assert.Equal(published, scene.Attempts[^1]);
        Assert.Equal(DeliveryState.Delivered, scene.Ends[^1].State);
    }

    private static List<DateTimeOffset> Schedule(DateTimeOffset first, DateTimeOffset end)
    {
        var (schedule, wait) = (new List<DateTimeOffset>(), 0);
        for (var at = first; at < end; at = at + Answers + TimeSpan.FromSeconds(wait < FirstWaits.Length ? FirstWaits[wait++] : 300))
        {
            schedule.Add(at);
        }

        return schedule;
    }
}
