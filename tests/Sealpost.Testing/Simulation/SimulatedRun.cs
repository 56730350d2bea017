using Sealpost.Health;
using Sealpost.Installs;
using Sealpost.Outboxes;
using Sealpost.Retry;

namespace Sealpost.Testing.Simulation;

/// <summary>
/// One run of the real engine against a simulated store, endpoints and clock, on one thread: its seed alone decides what
/// happens, and in which order the steps of the engine's loops are taken.
/// </summary>
/// <remarks>
/// 1. Until the script is through: steps in any order, time that passes by chance, and what the script draws. 2. Then all
/// endpoints are healthy, all installs enabled, and the engine must drain to nothing.
/// </remarks>
internal sealed partial class SimulatedRun
{
    /// <summary>Beyond this a run does not end by itself: something goes round in circles.</summary>
    private const int MostSteps = 300_000;

    private readonly Random _random;
    private readonly SimulationOptions _options;
    private readonly SimulatedWorld _world;
    private readonly SimulatedStore _store;
    private readonly SimulatedEndpoints _endpoints;
    private readonly SimulatedMtls _mtls;
    private readonly DeliveryOracle _oracle;
    private readonly SimulationScript _script;
    private SimulatedEngine _engine;
    private DateTimeOffset _fullUntil;
    private readonly Queue<int> _found = new();
    private int _steps;

    private SimulatedRun(int seed, SimulationOptions options)
    {
        _random = new Random(seed);
        _options = options;
        _world = new SimulatedWorld(_random);
        _store = options.MakeStore();
        _endpoints = new SimulatedEndpoints(_random);
        _mtls = new SimulatedMtls(_random, _world);
        _oracle = new DeliveryOracle(_world, _store, options);
        _script = new SimulationScript(_random, _world);
        _engine = NewEngine();
    }

    /// <summary>Runs a seed to its end.</summary>
    /// <exception cref="SimulationFailure">The protocol was broken, or the engine threw.</exception>
    public static SimulationReport Run(int seed, SimulationOptions? options = null)
    {
        var run = new SimulatedRun(seed, options ?? SimulationOptions.Of(seed));
        try
        {
            run.Run();
        }
        catch (Exception e)
        {
            throw new SimulationFailure(seed, run._oracle.Trace, e);
        }
        finally
        {
            run._world.Metrics.Dispose();
        }

        return new SimulationReport(run._steps, run._oracle.Deliveries, run._world.Clock.Elapsed);
    }

    private void Run()
    {
        var length = _random.Next(20, 200);
        for (var i = 0; i < length; i++)
        {
            Guard(Act);
            Pass(_world.Clock.Now + _script.Pause());
        }

        Guard(Settle);
        Guard(() => Steps(all: true));
        while (NextMoment() is { } moment)
        {
            _world.Clock.MoveTo(moment);
            Guard(() => Steps(all: true));
        }

        _oracle.Drained(_engine.Mailrooms);
    }

    // Time passes until a moment, with stops where something happens by itself. At each stop some steps are taken, or all.
    private void Pass(DateTimeOffset until)
    {
        do
        {
            Guard(() => Steps(all: until > _world.Clock.Now + TimeSpan.FromSeconds(1)));
            _world.Clock.MoveTo(NextMoment() is { } next && next < until ? next : until);
        }
        while (_world.Clock.Now < until);
        Guard(() => Steps(all: false));
    }

    private void Steps(bool all)
    {
        var most = all ? int.MaxValue : _random.Next(0, 30);
        for (var i = 0; i < most; i++)
        {
            if (++_steps > MostSteps)
            {
                throw new SimulationViolation($"no end after {_steps} steps");
            }

            var hasStepped = _engine.Step(_random);
            TakeNews();
            if (!hasStepped && !_engine.IsTelling)
            {
                Rest();
                return;
            }
        }
    }

    private void Rest()
    {
        if (_fullUntil != default)
        {
            return;
        }

        _oracle.Idle();
        foreach (var install in _world.All.Where(install => !install.Deleted))
        {
            var facts = _engine.Mailrooms.FactsOf(install);
            _oracle.Observed(install.Number, facts.Standing.State.ToWire(), facts.NextRound);
        }
    }

    // The rule for slow apps disables an install as anybody else would.
    private void TakeNews()
    {
        foreach (var slow in _engine.Mailrooms.TakeNotes().OfType<SlowNote>().Where(note => note.Verdict == SlowVerdict.Disable))
        {
            _oracle.FoundSlow(slow.Install.Number);
            _found.Enqueue(slow.Install.Number);
        }

        while (!_engine.IsTelling && _found.TryDequeue(out var number))
        {
            if (_world.All.Single(install => install.Number == number) is { Enabled: true, Deleted: false } install)
            {
                Change(install, install with { Enabled = false });
            }
        }
    }

    private DateTimeOffset? NextMoment()
    {
        var next = _engine.NextMoment;
        if (_store.IsFull && _world.Clock.Now >= _fullUntil)
        {
            (_store.IsFull, _fullUntil) = (false, _world.Clock.Now);
        }

        // The ledger's turn each second finds out that there is room again.
        if (_fullUntil != default)
        {
            var probe = _world.Clock.Now + TimeSpan.FromSeconds(1);
            _engine.IdleTurn();
            if (!_store.IsFull && _world.Clock.Now > _fullUntil + TimeSpan.FromSeconds(5))
            {
                _fullUntil = default;
            }

            return next < probe ? next : probe;
        }

        return next;
    }

    private void Change(Install before, Install changed)
    {
        var after = _world.Commit(before, changed, _store);
        _oracle.Committed(before, after);
        _engine.Tell(before, after);
    }

    private void Guard(Action act)
    {
        try
        {
            act();
        }
        catch (SimulatedCrash)
        {
            _store.CrashAt = CrashPoint.None;
            _oracle.Crashed();
            _engine = NewEngine();
        }
    }

    private SimulatedEngine NewEngine() => new(_options, _world, _store, _endpoints, _mtls, _oracle);
}

/// <summary>How long a run was.</summary>
internal readonly record struct SimulationReport(int Steps, int Deliveries, TimeSpan Elapsed);
