using Microsoft.Extensions.Logging.Abstractions;
using Sealpost.Deliveries;
using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Publishing;
using Sealpost.Sending;

namespace Sealpost.Testing.Simulation;

/// <summary>
/// One life of the process: the real mailrooms, intake, commits and chores, and in place of the four loops around them the
/// single steps that those loops are made of, so that a run can put them in any order.
/// </summary>
internal sealed class SimulatedEngine
{
    private const int RowsPerTurn = 5;

    private readonly SimulatedStore _store;
    private readonly VirtualClock _clock;
    private readonly SimulatedEndpoints _endpoints;
    private readonly SimulatedMtls _mtls;
    private readonly SimulationOptions _options;
    private readonly DeliveryOracle _oracle;
    private readonly GroupCommit _commit;
    private readonly LedgerChores _chores;
    private readonly Queue<SimulatedPublication> _submissions = new();
    private readonly PriorityQueue<Flight, (long Ends, long Delivery)> _flights = new();
    private readonly Queue<(Install? Before, Install After)> _untold = new();
    private readonly InstallWatch _watch;
    private readonly Drops _drops;
    private bool _courierIsAwake = true;
    private bool _readerIsAwake = true;
    private bool _ledgerIsAwake = true;
    private bool _isReadingSlow;
    private ReadUnderWay? _reading;

    public SimulatedEngine(
        SimulationOptions options, SimulatedWorld world, SimulatedStore store, SimulatedEndpoints endpoints, SimulatedMtls mtls, DeliveryOracle oracle)
    {
        (_options, _store, _clock, _endpoints, _mtls, _oracle) = (options, store, world.Clock, endpoints, mtls, oracle);
        var findRoute = options.EngineRoutes(mtls.Start(out var known));
        oracle.Begins(known);
        Mailrooms = new AllMailrooms(
            options.Dispatch, new OutboxOptions { Retry = options.EngineRetry }, findRoute, new Window(options.WindowBytes, options.PageRows, options.PerLane));
        var intake = new Intake(store, world.Installs, world.Accounts);
        intake.StartIdsAt(_clock.Now);
        var limits = new IntakeLimits(new LimitOptions(), Mailrooms, static () => long.MaxValue, _clock);
        _commit = new GroupCommit(
            Mailrooms, store, intake, limits, new PublishOptions(), _clock, Wake, world.Metrics, NullLogger<GroupCommit>.Instance);
        _chores = new LedgerChores(Mailrooms, store, _commit, world.Metrics, _clock, Wake, RowsPerTurn);
        _drops = new Drops(Mailrooms, store, _chores, Changed);
        _watch = new InstallWatch(Mailrooms, store, _chores, _clock, Changed);
        var removals = store.Removals();
        Mailrooms.Load(world.Installs.All(), removals, store, _clock.Now);
        _chores.Add(removals);
    }

    public AllMailrooms Mailrooms { get; }

    /// <summary>A change of an install that is committed is told before the next one can be made.</summary>
    public bool IsTelling => _untold.Count > 0;

    /// <summary>When something happens by itself next; null when nothing will.</summary>
    public DateTimeOffset? NextMoment
    {
        get
        {
            DateTimeOffset? landing = _flights.TryPeek(out _, out var at) ? new DateTimeOffset(at.Ends, TimeSpan.Zero) : null;
            return First(First(landing, Mailrooms.NextDue), _mtls.NextMoment);
        }
    }

    public void Submit(SimulatedPublication publication) => _submissions.Enqueue(publication);

    public void Tell(Install? before, Install after) => _untold.Enqueue((before, after));

    /// <summary>An operator drops a pending delivery of an install. False: it is over already.</summary>
    public bool Drop(int install, long delivery) => _drops.TryDrop(install, new DeliveryId(delivery), out _);

    /// <summary>Takes one of the steps that are possible now, by chance. False: nothing is to be done at this moment.</summary>
    public bool Step(Random random)
    {
        var possible = new List<Action>(8);
        AddIf(_submissions.Count > 0 || _ledgerIsAwake, () => Commit(random));
        AddIf(_courierIsAwake, Pick);
        AddIf(_reading is not null || _readerIsAwake, Read);
        AddIf(_untold.Count > 0, TellOne);
        AddIf(_flights.TryPeek(out _, out var at) && at.Ends <= _clock.Now.UtcTicks, Land);
        AddIf(Mailrooms.NextDue <= _clock.Now, Tick);
        AddIf(_mtls.NextMoment <= _clock.Now, LearnRoutes);
        AddIf(_mtls.HasChanges, Release);
        if (possible.Count == 0)
        {
            return false;
        }

        // In some moments a read takes longer than everything else that can happen.
        var next = possible[random.Next(possible.Count)];
        if (next == Read && _isReadingSlow && possible.Count > 1)
        {
            next = possible.Find(step => step != Read)!;
        }

        _isReadingSlow = random.Next(10) == 0 ? !_isReadingSlow : _isReadingSlow;
        next();
        return true;

        void AddIf(bool isPossible, Action step)
        {
            if (isPossible)
            {
                possible.Add(step);
            }
        }
    }

    /// <summary>The turn that each loop takes once a second with nothing to do.</summary>
    public void IdleTurn()
    {
        _ledgerIsAwake = _readerIsAwake = true;
        Wake();
    }

    private void Commit(Random random)
    {
        _ledgerIsAwake = false;
        var group = new List<SimulatedPublication>();
        for (var most = random.Next(1, 8); group.Count < most && _submissions.TryDequeue(out var publication); group.Add(publication))
        {
        }

        _oracle.Judging(group);
        _commit.Commit([.. group.Select(publication => publication.Submission)]);
        _oracle.Answered(group);
        _ledgerIsAwake |= _chores.TakeTurn();
    }

    private void Pick()
    {
        var next = Mailrooms.Pick(_clock.Now, out var hasPassed);
        _readerIsAwake |= hasPassed && Mailrooms.HasReads;
        _ledgerIsAwake |= hasPassed && Mailrooms.UnwrittenRecords > 0;
        if (next is not { } picked)
        {
            _courierIsAwake = false;
            return;
        }

        var host = picked.Attempt.Webhook.Endpoint.Host;
        var outcome = (picked.Attempt.Route == Route.Mtls ? _mtls.Refuse() : null) ?? _endpoints.Answer(host);
        _oracle.Started(picked.Attempt);
        _flights.Enqueue(new Flight(picked, outcome), ((_clock.Now + outcome.Duration).UtcTicks, picked.Attempt.Delivery.Value));
    }

    private void Land()
    {
        var (picked, outcome) = _flights.Dequeue();
        _oracle.Ended(picked.Attempt, outcome);
        Mailrooms.Complete(picked, _options.EngineSees(outcome), _clock.Now);
        (_courierIsAwake, _ledgerIsAwake) = (true, true);
        _readerIsAwake |= Mailrooms.HasReads;
    }

    // The reader's work in three steps, so that anything may happen between a read and what is made of it.
    private void Read()
    {
        if (_reading is null)
        {
            _readerIsAwake = Mailrooms.NextRead() is { } request && (_reading = new ReadUnderWay(request)) is not null;
            return;
        }

        if (_reading.Go(Mailrooms, _store, _clock.Now))
        {
            _reading = null;
            Wake();
        }
    }

    private void TellOne()
    {
        var (before, after) = _untold.Dequeue();
        _oracle.Renewed(after.Account, _mtls.Changed(before, after));
        _watch.Changed(before, after);
        _oracle.Told(after);
    }

    private void Tick()
    {
        Mailrooms.Tick(_clock.Now);
        Wake();
    }

    // What is known is in use at once; that what was held may go on is said a little later.
    private void LearnRoutes() => _oracle.Answered(_mtls.Answer());

    private void Release()
    {
        var account = _mtls.TakeChange();
        if (_options.EngineIsTold)
        {
            Mailrooms.Release([account], _clock.Now);
            Wake();
        }
    }

    private void Wake()
    {
        _courierIsAwake = true;
        _readerIsAwake |= Mailrooms.HasReads;
        _ledgerIsAwake |= Mailrooms.UnwrittenRecords > 0 || Mailrooms.HasSweeps;
    }

    private void Changed()
    {
        _ledgerIsAwake = true;
        Wake();
    }

    private static DateTimeOffset? First(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;

    private sealed record Flight(PickedAttempt Picked, Outcome Outcome);
}
