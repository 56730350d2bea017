using Sealpost.Deliveries;
using Sealpost.Sending;
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

    private readonly List<DateTimeOffset> _attempts = [];
    private readonly List<(DateTimeOffset At, DateTimeOffset Clock, DeliveryState State, string? Reason)> _ends = [];
    private readonly SimulatedWorld _world;
    private readonly SimulatedStore _store = new();
    private readonly DeliveryOracle _oracle;
    private readonly SimulatedEngine _engine;
    private readonly Random _order = new(1);
    private bool _isBack;
    private int _events;

    public ThreeDaysOfOutageTests()
    {
        _world = new SimulatedWorld(StandingScene.NewManifest("app"));
        var options = new SimulationOptions();
        _oracle = new DeliveryOracle(_world, _store, options);
        var written = _store.Written;
        _store.Written = (row, at) =>
        {
            written(row, at);
            if (!row.IsPending)
            {
                _ends.Add((at, _world.Clock.Now, row.State, row.Reason));
            }
        };
        _engine = new SimulatedEngine(options, _world, _store, new Endpoint(this), _oracle);
    }

    [Fact]
    public void Every_attempt_of_three_days_is_made_at_its_time_and_expiry_comes_at_the_tick()
    {
        var accepted = _world.Clock.Now;
        Publish("first");
        Run(until: accepted.AddSeconds(SecondEvent));
        var secondAccepted = _world.Clock.Now;
        Publish("second");
        Run(until: secondAccepted.AddSeconds(Retention + 600));

        // The schedule goes on over the death of the first event: the second is probed by then.
        Assert.Equal(Schedule(accepted, secondAccepted.AddSeconds(Retention)), _attempts);
        Assert.Equal(
            [
                (accepted.AddSeconds(Retention), accepted.AddSeconds(Retention), DeliveryState.Dead, "expired"),
                (secondAccepted.AddSeconds(Retention), secondAccepted.AddSeconds(Retention), DeliveryState.Dead, "expired"),
            ],
            _ends);

        // Nothing is left to test: what comes next goes out at once, to an endpoint that is back.
        (_isBack, var published) = (true, _world.Clock.Now);
        Publish("third");
        Run(until: published.AddSeconds(10));
        Assert.Equal(published, _attempts[^1]);
        Assert.Equal(DeliveryState.Delivered, _ends[^1].State);
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

    private void Publish(string conversation)
    {
        var published = SimulatedEvent.Make(++_events, "t.One", conversation, 100);
        var publication = new SimulatedPublication(_world.AllAccounts[0], [published], key: null);
        _oracle.Published(publication);
        _engine.Submit(publication);
    }

    private void Run(DateTimeOffset until)
    {
        while (true)
        {
            while (_engine.Step(_order))
            {
            }

            _oracle.Idle(_engine.Mailrooms.WindowBytes);
            if (_world.Clock.Now >= until)
            {
                return;
            }

            _world.Clock.MoveTo(_engine.NextMoment is { } next && next < until ? next : until);
        }
    }

    private sealed class Endpoint(ThreeDaysOfOutageTests test) : SimulatedEndpoints(new Random(1))
    {
        public override Outcome Answer(string host)
        {
            test._attempts.Add(test._world.Clock.Now);
            return test._isBack
                ? new Outcome { Kind = OutcomeKind.Delivered, Status = 200, ResponseTime = Answers, Duration = Answers }
                : new Outcome { Kind = OutcomeKind.Status, Status = 500, ResponseTime = Answers, Duration = Answers };
        }
    }
}
