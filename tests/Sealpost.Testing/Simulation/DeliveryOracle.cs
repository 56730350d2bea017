using Sealpost.Mailrooms;
using Sealpost.Sending;

namespace Sealpost.Testing.Simulation;

/// <summary>
/// Watches a run from outside (what was published, stored, sent, and came back) and throws at the first thing that the
/// protocol forbids. It knows nothing of how the engine works.
/// </summary>
internal sealed partial class DeliveryOracle
{
    private readonly SimulatedWorld _world;
    private readonly PublicationLaws _publications;
    private readonly FlightLaws _flights;
    private readonly RouteLaws _routes;
    private readonly ToldChanges _changes = new();
    private readonly Dictionary<long, OwedDelivery> _owed = [];
    private readonly Dictionary<int, OwedInstall> _installs = [];
    private readonly InstallLaws _laws;
    private readonly Dictionary<int, SimulatedEvent> _events = [];
    private readonly HashSet<int> _newlyOwed = [];

    public DeliveryOracle(SimulatedWorld world, SimulatedStore store, SimulationOptions options)
    {
        var bits = new EndpointBits();
        (_world, _publications, Trace) = (world, new PublicationLaws(world), new Trace(world.Clock));
        (_flights, _laws, _routes) = (new FlightLaws(options.Dispatch, bits), new InstallLaws(bits, world.Clock), new RouteLaws(bits, world.Clock));
        (store.Inserted, store.Written, store.Kept) = (Inserted, Written, Kept);
        world.Clock.Passing = Passing;
        foreach (var install in world.All)
        {
            _installs.Add(install.Number, new OwedInstall(install, bits, world.Clock));
        }
    }

    public Trace Trace { get; }

    public int Deliveries => _owed.Count;

    private DateTimeOffset Now => _world.Clock.Now;

    public void Published(SimulatedPublication publication)
    {
        foreach (var published in publication.Events)
        {
            _events[published.Number] = published;
        }
    }

    public void Judging(List<SimulatedPublication> group) => _publications.Judging(group);

    public void Answered(List<SimulatedPublication> group)
    {
        _publications.Answered(group);

        // What was just accepted carries its install: the engine may have learned of a change from it.
        foreach (var after in _world.All.Where(install => _newlyOwed.Contains(install.Number)))
        {
            if (_installs[after.Number] is var install && install.Present is var before && after.Revision != before.Revision)
            {
                Learn(install, after, mayBeUnknown: true);
                _changes.MayBeKnown(install, before);
            }
        }

        _newlyOwed.Clear();
    }

    public void Started(Attempt attempt)
    {
        var owed = Find(attempt.Delivery.Value);
        var row = owed.Row.Row;
        Trace.Add("attempt", row.Install, row.ConversationKey, row.Sequence, $"{attempt.Number} {attempt.Route}");
        var install = _installs[row.Install];
        var webhook = InstallHistory.WebhookOf(install.Present, owed.Event.EventType);
        Need(webhook is not null && webhook.Endpoint == attempt.Webhook.Endpoint, owed, "attempted at another endpoint than its install has now");
        Need(attempt.Sequence == row.Sequence && attempt.Body.Span.SequenceEqual(owed.Event.Body.Span), owed, "sent as another");
        Need(attempt.ReplayOf?.Value == row.ReplayOf, owed, "sent as a replay of another");
        _routes.Started(attempt, owed);
        AttemptLaws.Check(owed, attempt.Number, install.LaneOf(owed), install.History, _world.Clock);
        _flights.Start(attempt.Webhook.Endpoint.Host);
        _laws.Expect(install);
        owed.Start(attempt.Number, attempt.Webhook.Endpoint, _flights.Started);
        _laws.Started(install, owed);
        install.LaneOf(owed).Start(owed);
    }

    public void Ended(Attempt attempt, Outcome outcome)
    {
        var owed = Find(attempt.Delivery.Value);
        Trace.Add("outcome", owed.Row.Row.Install, owed.Row.Row.ConversationKey, owed.Row.Row.Sequence, outcome.Kind);
        _flights.End(attempt.Webhook.Endpoint.Host);
        var install = _installs[owed.Row.Row.Install];
        _laws.Expect(install);
        _routes.Ended(attempt, outcome);
        owed.End(outcome, InstallHistory.IsByNumbers(install.Present), Now, _world.Clock.Steady);
        install.LaneOf(owed).End(Now);
        if (EndLaws.IsFailure(outcome) && EndLaws.IsNotRetried(owed, install.Present))
        {
            owed.Die();
        }

        _laws.Ended(install, owed, outcome);
    }

    /// <summary>An operator has dropped a pending delivery.</summary>
    public void Dropped(long delivery)
    {
        var owed = Find(delivery);
        var install = _installs[owed.Row.Row.Install];
        Trace.Add("dropped", install.Number, owed.Row.Row.ConversationKey, owed.Row.Row.Sequence);
        Need(owed.Row.IsPending, owed, "dropped though it is over");
        _laws.Expect(install);
        if (!owed.IsOver)
        {
            install.LaneOf(owed).QuietSince = Now;
        }

        owed.Drop();
    }

    public void Crashed()
    {
        Trace.Add("crash");
        _publications.Crashed();
        _flights.Crash();
        _changes.Crash();
        _newlyOwed.Clear();
        foreach (var owed in _owed.Values)
        {
            owed.Crash();
        }

        foreach (var after in _world.All)
        {
            var install = _installs[after.Number];
            install.Crash();
            if (after.Revision > install.Present.Revision)
            {
                _changes.Apply(install, after);
            }

            _laws.Crashed(install);
        }
    }

    /// <summary>The engine has nothing to do at this moment: then nothing may be due.</summary>
    public void Idle()
    {
        var isQuiet = _flights.Count == 0;
        foreach (var install in _installs.Values)
        {
            _laws.Rested(install, isQuiet, endpoints => isQuiet ? _flights.Free(_routes.Open(install.Present.Account, endpoints)) : 0);
        }
    }

    /// <summary>The run has drained: all that was accepted is delivered or dead, and nothing is left in memory.</summary>
    public void Drained(AllMailrooms mailrooms)
    {
        foreach (var owed in _owed.Values)
        {
            Need(!owed.Row.IsPending, owed, "never delivered");
        }

        RestLaws.CheckNothingIsHeld(mailrooms, _world.AllAccounts);
    }

    private void Inserted(StoredRow row)
    {
        var published = _events[SimulatedEvent.NumberIn(row.Body)];
        Trace.Add("accepted", row.Row.Install, row.Row.ConversationKey, row.Row.Sequence, published.EventType);
        _publications.Inserted(row, published.Number);
        var (owed, install) = (new OwedDelivery(published, row), _installs[row.Row.Install]);
        _owed.Add(row.Row.Id, owed);
        _laws.Expect(install);
        install.Add(owed, Now);
        _newlyOwed.Add(row.Row.Install);
        var place = install.LaneOf(owed).Deliveries.Count;
        Need(row.Row.Sequence == place, owed, $"given this place as number {place} of its conversation");
    }

    private void Written(StoredRow row, DateTimeOffset at)
    {
        Trace.Add("recorded", row.Row.Install, row.Row.ConversationKey, row.Row.Sequence, row.State);
        var (owed, install) = (_owed[row.Row.Id], _installs[row.Row.Install]);
        EndLaws.Check(owed, install.History, at);
        _laws.Expect(install);
        var wasOver = owed.IsOver;
        owed.Record(at);
        if (owed.IsOver && !wasOver)
        {
            install.LaneOf(owed).QuietSince = Now;
        }
    }

    // What the engine may have done at this moment has not been done later.
    private void Passing()
    {
        foreach (var install in _installs.Values)
        {
            _laws.Expect(install);
        }
    }

    private void Kept()
    {
        foreach (var install in _installs.Values)
        {
            _laws.Kept(install);
        }
    }

    private OwedDelivery Find(long id) =>
        _owed.GetValueOrDefault(id) ?? throw new SimulationViolation($"delivery {id} was attempted and is not in the store");

    private static void Need(bool holds, OwedDelivery owed, string what)
    {
        if (!holds)
        {
            throw new SimulationViolation($"{owed} was {what}");
        }
    }
}
