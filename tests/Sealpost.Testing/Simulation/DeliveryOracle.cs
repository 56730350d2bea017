using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Sending;

namespace Sealpost.Testing.Simulation;

/// <summary>
/// Watches a run from outside (what was published, stored, sent, and came back) and throws at the first thing that the
/// protocol forbids. It knows nothing of how the engine works.
/// </summary>
internal sealed class DeliveryOracle
{
    private readonly SimulatedWorld _world;
    private readonly SimulationOptions _options;
    private readonly PublicationLaws _publications;
    private readonly Dictionary<long, OwedDelivery> _owed = [];
    private readonly Dictionary<(int Install, long Conversation), OwedLane> _lanes = [];
    private readonly Dictionary<int, InstallHistory> _installs = [];
    private readonly Dictionary<int, SimulatedEvent> _events = [];
    private readonly Dictionary<string, int> _inFlight = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<OwedDelivery>> _covered = [];
    private readonly HashSet<int> _newlyOwed = [];
    private int _allInFlight;

    public DeliveryOracle(SimulatedWorld world, SimulatedStore store, SimulationOptions options)
    {
        (_world, _options, _publications, Trace) = (world, options, new PublicationLaws(world), new Trace(world.Clock));
        (store.Inserted, store.Written) = (Inserted, Written);
        foreach (var install in world.All)
        {
            _installs.Add(install.Number, new InstallHistory(install));
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
        foreach (var install in _world.All.Where(install => _newlyOwed.Contains(install.Number)))
        {
            Told(install);
        }

        _newlyOwed.Clear();
    }

    public void Started(Attempt attempt)
    {
        var owed = Find(attempt.Delivery.Value);
        var row = owed.Row.Row;
        Trace.Add("attempt", row.Install, row.ConversationKey, row.Sequence, attempt.Number);
        var (lane, history) = (_lanes[(row.Install, row.ConversationKey)], _installs[row.Install]);
        var webhook = InstallHistory.WebhookOf(history.Present, owed.Event.EventType);
        Need(webhook is not null && webhook.Endpoint == attempt.Webhook.Endpoint, owed, "attempted at another endpoint than its install has now");
        Need(attempt.Sequence == row.Sequence && attempt.Body.Span.SequenceEqual(owed.Event.Body.Span), owed, "sent as another");
        AttemptLaws.Check(owed, attempt.Number, lane.Deliveries, lane.FirstOpen(), history, Now);
        owed.Start(attempt.Number);
        var host = attempt.Webhook.Endpoint.Host;
        _inFlight[host] = _inFlight.GetValueOrDefault(host) + 1;
        _allInFlight++;
        Need(_inFlight[host] <= _options.Dispatch.OriginConcurrency, owed, "one too many at its origin");
        Need(_allInFlight <= _options.Dispatch.Concurrency, owed, "one too many in all");
    }

    public void Ended(Attempt attempt, Outcome outcome)
    {
        var owed = Find(attempt.Delivery.Value);
        Trace.Add("outcome", owed.Row.Row.Install, owed.Row.Row.ConversationKey, owed.Row.Row.Sequence, outcome.Kind);
        _inFlight[attempt.Webhook.Endpoint.Host]--;
        _allInFlight--;
        owed.End(outcome, Now);
    }

    /// <summary>A change is committed: what is pending of a lost event type is dead once the engine knows.</summary>
    public void Committed(Install before, Install after)
    {
        Trace.Add(Describe(before, after), after.Number);
        _covered[after.Number] =
        [
            .. _owed.Values.Where(owed => owed.Row.Row.Install == after.Number && owed.Row.IsPending
                && EndLaws.IsRemoved(owed, after) && !EndLaws.IsRemoved(owed, before)),
        ];
    }

    /// <summary>The engine has been told of a change, or it starts with it.</summary>
    public void Told(Install after)
    {
        var history = _installs[after.Number];
        if (after.Revision == history.Present.Revision)
        {
            return;
        }

        Trace.Add("told", after.Number);
        var becomesByNumbers = InstallHistory.IsByNumbers(after) && !InstallHistory.IsByNumbers(history.Present);
        history.Told(after, Now);
        if (history.LastReopening == Now)
        {
            foreach (var owed in _owed.Values.Where(owed => owed.Row.Row.Install == after.Number))
            {
                owed.Return();
            }
        }

        _covered[after.Number].ForEach(owed => owed.Remove());
        if (becomesByNumbers)
        {
            foreach (var owed in _owed.Values.Where(owed => owed.Row.Row.Install == after.Number && owed.Row.IsPending))
            {
                owed.ForgetAttempts();
            }
        }
    }

    public void Crashed()
    {
        Trace.Add("crash");
        _publications.Crashed();
        _inFlight.Clear();
        _newlyOwed.Clear();
        _allInFlight = 0;
        foreach (var owed in _owed.Values)
        {
            owed.Crash();
        }

        foreach (var install in _world.All.Where(install => install.Revision > _installs[install.Number].Present.Revision))
        {
            Told(install);
        }
    }

    /// <summary>The engine has nothing to do at this moment and nothing in memory: then nothing may be due.</summary>
    public void Idle()
    {
        foreach (var lane in _lanes.Values)
        {
            if (lane.Head() is { WasForgotten: false } head && InstallHistory.IsByNumbers(_installs[head.Row.Row.Install].Present) && _installs[head.Row.Row.Install] is { Present: { Enabled: true, Deleted: false } } history
                && !(AttemptLaws.DueAt(head, history) > Now))
            {
                throw new SimulationViolation($"{head} is due, nothing is in flight, and nothing happens");
            }
        }
    }

    /// <summary>The run has drained: all that was accepted is delivered or dead, and nothing is left in memory.</summary>
    public void Drained(AllMailrooms mailrooms)
    {
        foreach (var owed in _owed.Values)
        {
            Need(!owed.Row.IsPending, owed, "never delivered");
        }

        foreach (var account in _world.AllAccounts)
        {
            var totals = mailrooms.TotalsOf(account);
            if (totals.Deliveries != 0 || totals.Bytes != 0)
            {
                throw new SimulationViolation($"nothing is pending, but the totals of {account} are {totals.Deliveries} deliveries, {totals.Bytes} bytes");
            }
        }

        if (mailrooms.WindowBytes != 0 || mailrooms.InFlight != 0)
        {
            throw new SimulationViolation($"nothing is pending, but {mailrooms.WindowBytes} bytes and {mailrooms.InFlight} attempts are held");
        }
    }

    private void Inserted(StoredRow row)
    {
        var published = _events[SimulatedEvent.NumberIn(row.Body)];
        Trace.Add("accepted", row.Row.Install, row.Row.ConversationKey, row.Row.Sequence, published.EventType);
        _publications.Inserted(row, published.Number);
        var owed = new OwedDelivery(published, row);
        _owed.Add(row.Row.Id, owed);
        if (!_lanes.TryGetValue((row.Row.Install, row.Row.ConversationKey), out var lane))
        {
            _lanes.Add((row.Row.Install, row.Row.ConversationKey), lane = new OwedLane());
        }

        lane.Deliveries.Add(owed);
        _newlyOwed.Add(row.Row.Install);
        Need(row.Row.Sequence == lane.Deliveries.Count, owed, $"given this place as number {lane.Deliveries.Count} of its conversation");
    }

    private void Written(StoredRow row, DateTimeOffset at)
    {
        Trace.Add("recorded", row.Row.Install, row.Row.ConversationKey, row.Row.Sequence, row.State);
        var owed = _owed[row.Row.Id];
        EndLaws.Check(owed, _installs[row.Row.Install], at);
        owed.Record(at);
    }

    private OwedDelivery Find(long id) =>
        _owed.GetValueOrDefault(id) ?? throw new SimulationViolation($"delivery {id} was attempted and is not in the store");

    private static string Describe(Install before, Install after) => after.Deleted ? "delete"
        : after.Enabled != before.Enabled ? (after.Enabled ? "enable" : "disable")
        : $"edit to {(after.Manifest.RetentionTime?.ToString() ?? "numbers")} {string.Join(',', after.Manifest.Webhooks.Keys)}";

    private static void Need(bool holds, OwedDelivery owed, string what)
    {
        if (!holds)
        {
            throw new SimulationViolation($"{owed} was {what}");
        }
    }
}
