using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Installs;
using Sealpost.Protocol.Installs;
using Sealpost.Sending;
using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Simulation;

/// <summary>The real engine in a simulated world where nothing is left to chance but the order of its steps.</summary>
internal sealed class EngineScene
{
    private readonly SimulatedWorld _world;
    private readonly SimulatedStore _store = new();
    private readonly DeliveryOracle _oracle;
    private readonly Lazy<SimulatedEngine> _engine;
    private readonly Random _order = new(1);
    private int _events;

    public EngineScene(SimulationOptions options, params IEnumerable<Manifest> installs)
    {
        _world = new SimulatedWorld(installs);
        _oracle = new DeliveryOracle(_world, _store, options);
        var written = _store.Written;
        _store.Written = (row, at) =>
        {
            written(row, at);
            if (!row.IsPending)
            {
                Ends.Add((at, Now, row.State, row.Reason));
            }
        };

        // It asks MTLS when it starts: not before the scene says how that answers.
        _engine = new Lazy<SimulatedEngine>(() => new SimulatedEngine(options, _world, _store, new Endpoints(this), new Mtls(this), _oracle));
    }

    public DateTimeOffset Now => _world.Clock.Now;

    /// <summary>What an attempt to a host meets now.</summary>
    public required Func<string, Outcome> Answer { get; init; }

    /// <summary>Whether an endpoint is mapped, when MTLS answers.</summary>
    public Func<string, bool> IsMapped { get; init; } = static _ => false;

    /// <summary>What MTLS itself says to an attempt; null: it forwards it.</summary>
    public Func<Outcome?> Refuses { get; init; } = static () => null;

    /// <summary>How long MTLS takes to answer a question.</summary>
    public TimeSpan AnswersAfter { get; init; }

    /// <summary>When each attempt began, those that MTLS refused too.</summary>
    public List<DateTimeOffset> Attempts { get; } = [];

    /// <summary>Each delivery's end: when it came about, when it was in the store, and how.</summary>
    public List<(DateTimeOffset At, DateTimeOffset Clock, DeliveryState State, string? Reason)> Ends { get; } = [];

    public static Outcome Delivered(TimeSpan after) =>
        new() { Kind = OutcomeKind.Delivered, Status = 200, ResponseTime = after, Duration = after };

    public static Outcome Fails(TimeSpan after) =>
        new() { Kind = OutcomeKind.Status, Status = 500, ResponseTime = after, Duration = after };

    public static Outcome Hangs() => new() { Kind = OutcomeKind.ReadTimeout, Duration = TimeSpan.FromSeconds(5) };

    public void Publish(string eventType, string conversation)
    {
        var published = SimulatedEvent.Make(++_events, eventType, conversation, 100);
        var publication = new SimulatedPublication(_world.AllAccounts[0], [published], key: null);
        _oracle.Published(publication);
        _engine.Value.Submit(publication);
    }

    /// <summary>Changes the first install.</summary>
    public void Change(Func<Install, Install> change)
    {
        var before = _world.All[0];
        var after = _world.Commit(before, change(before), _store);
        _oracle.Committed(before, after);
        _engine.Value.Tell(before, after);
    }

    /// <summary>Time passes; whatever is to be done at a moment is done.</summary>
    public void Run(DateTimeOffset until)
    {
        while (true)
        {
            while (_engine.Value.Step(_order))
            {
            }

            _oracle.Idle();
            if (Now >= until)
            {
                return;
            }

            _world.Clock.MoveTo(_engine.Value.NextMoment is { } next && next < until ? next : until);
        }
    }

    private sealed class Mtls(EngineScene scene) : SimulatedMtls(new Random(1), scene._world)
    {
        public override Outcome? Refuse()
        {
            var refusal = scene.Refuses();
            if (refusal is not null)
            {
                scene.Attempts.Add(scene.Now);
            }

            return refusal;
        }

        protected override TimeSpan Delay() => scene.AnswersAfter;

        protected override bool IsMapped(AccountId account, string endpoint) => scene.IsMapped(endpoint);
    }

    private sealed class Endpoints(EngineScene scene) : SimulatedEndpoints(new Random(1))
    {
        public override Outcome Answer(string host)
        {
            scene.Attempts.Add(scene.Now);
            return scene.Answer(host);
        }
    }
}
