using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Retry;
using Sealpost.Sending;
using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Simulation;

/// <summary>The oracle must see what it is there for: each test plants one fault and wants it named.</summary>
public sealed class PlantedFaultTests
{
    /// <summary>Most are found by the first few; some need a rare moment.</summary>
    private const int Seeds = 300;

    [Fact]
    public void A_store_that_loses_an_accepted_delivery_is_found() =>
        Finds("deliveries, ", new SimulationOptions { MakeStore = static () => new LosingStore() });

    [Fact]
    public void A_store_that_hands_its_backlog_back_in_the_wrong_order_is_found() =>
        Finds("was attempted before the outcome of", new SimulationOptions { MakeStore = static () => new BackwardStore() });

    [Fact]
    public void A_store_that_forgets_outcomes_is_found() =>
        Finds("was never delivered", new SimulationOptions { MakeStore = static () => new ForgetfulStore() });

    [Fact]
    public void A_backoff_that_is_too_short_is_found() =>
        Finds("00:00:01 before the round", new SimulationOptions { EngineRetry = new RetryOptions { BackoffBase = TimeSpan.FromSeconds(1) } });

    [Fact]
    public void A_backoff_that_grows_too_long_is_found() =>
        Finds("must try again at", new SimulationOptions { EngineRetry = new RetryOptions { BackoffMax = TimeSpan.FromMinutes(6) } });

    [Fact]
    public void A_round_that_probes_with_a_younger_delivery_is_found() =>
        Finds("was attempted as a probe, and", new SimulationOptions { MakeStore = static () => new YoungestHeadStore() });

    [Fact]
    public void A_round_that_probes_an_endpoint_that_does_not_fail_is_found() =>
        Finds("its endpoint is not to be probed in this round", new SimulationOptions { MakeStore = static () => new AnyHeadStore() });

    [Fact]
    public void A_store_that_forgets_how_an_install_stands_is_found() =>
        Finds("before the round of its failed install is due", new SimulationOptions { MakeStore = static () => new CarefreeStore() });

    [Fact]
    public void What_expires_too_early_is_found() => Finds("(expired)", new SimulationOptions { MakeStore = static () => new HastyStore() });

    [Fact]
    public void What_does_not_expire_is_found() => Finds("past its time, and not dead", new SimulationOptions { MakeStore = static () => new PatientStore() });

    [Fact]
    public void A_delay_that_is_too_short_is_found() =>
        Finds("not 00:00:30", new SimulationOptions { EngineRetry = new RetryOptions { FixedDelay = TimeSpan.FromSeconds(29) } });

    [Fact]
    public void A_delivery_sent_straight_while_its_route_is_unknown_is_found() => Finds(
        "while the route of its endpoint is not known",
        new SimulationOptions { EngineRoutes = static find => (account, endpoint) => find(account, endpoint) is { Present: not Route.Unknown } known ? known : new EndpointRoute(Route.Direct) });

    [Fact]
    public void A_route_that_is_never_looked_up_again_is_found() => Finds(
        "sent Direct, and the route of its endpoint is Mtls",
        new SimulationOptions { EngineRoutes = static find => (account, endpoint) => find(account, endpoint) is { Present: Route.Direct } ? new EndpointRoute(Route.Direct) : find(account, endpoint) });

    [Fact]
    public void A_mapped_endpoint_that_goes_straight_is_found() => Finds(
        "sent Direct, and the route of its endpoint is Mtls",
        new SimulationOptions { EngineRoutes = static find => (account, endpoint) => find(account, endpoint) is { Present: not Route.Mtls } other ? other : new EndpointRoute(Route.Direct) });

    [Fact]
    public void A_route_that_becomes_known_and_releases_nothing_by_numbers_is_found() =>
        Finds("is due, nothing is in its way, and nothing happens", new SimulationOptions { EngineIsTold = false });

    [Fact]
    public void A_route_that_becomes_known_and_releases_nothing_by_time_to_live_is_found() =>
        Finds("nothing happens, but a lane could go on", new SimulationOptions { EngineIsTold = false });

    [Fact]
    public void A_probe_that_is_never_released_is_found() =>
        Finds("nothing happens, but a round is overdue", new SimulationOptions { EngineIsTold = false });

    [Fact]
    public void A_pause_that_ends_too_early_is_found() => Finds(
        "before the account's pause is over",
        new SimulationOptions { EngineSees = static outcome => outcome.Kind == OutcomeKind.Throttled ? outcome with { RetryAfter = outcome.RetryAfter / 2 } : outcome });

    [Fact]
    public void A_pause_that_lasts_too_long_is_found() => Finds(
        "is due, nothing is in its way, and nothing happens",
        new SimulationOptions { EngineSees = static outcome => outcome.Kind == OutcomeKind.Throttled ? outcome with { RetryAfter = (outcome.RetryAfter ?? default) + TimeSpan.FromMinutes(1) } : outcome });

    [Fact]
    public void A_pause_that_is_longer_than_five_minutes_is_found() => Finds(
        "is due, nothing is in its way, and nothing happens",
        new SimulationOptions
        {
            EngineRetry = new RetryOptions { BackoffMax = TimeSpan.FromHours(1) },

            // Else what an endpoint asks for would be found in its place.
            EngineSees = static outcome => outcome.Kind == OutcomeKind.Throttled ? outcome : outcome with { RetryAfter = null },
        });

    [Fact]
    public void A_throttled_attempt_that_is_counted_is_found() =>
        Finds("numbered 2 after 0 attempts", new SimulationOptions { EngineSees = static outcome => Mistakes(outcome, OutcomeKind.Throttled, OutcomeKind.Status) });

    [Fact]
    public void A_throttled_attempt_that_fails_its_install_is_found() =>
        Finds("it says failed, next attempt", new SimulationOptions { EngineSees = static outcome => Mistakes(outcome, OutcomeKind.Throttled, OutcomeKind.Status) });

    [Fact]
    public void A_throttled_attempt_that_ends_its_delivery_is_found() =>
        Finds("became Dead (not_retried) after 1 attempts", new SimulationOptions { EngineSees = static outcome => Mistakes(outcome, OutcomeKind.Throttled, OutcomeKind.Status) });

    [Fact]
    public void A_failure_of_mtls_that_uses_a_retry_up_is_found() =>
        Finds("became Dead (retries_exhausted)", new SimulationOptions { EngineSees = static outcome => Mistakes(outcome, OutcomeKind.MtlsUnavailable, OutcomeKind.Refused) });

    [Fact]
    public void A_failure_of_mtls_that_fails_no_install_is_found() =>
        Finds("it says up, next attempt", new SimulationOptions { EngineSees = static outcome => Mistakes(outcome, OutcomeKind.MtlsUnavailable, OutcomeKind.Throttled) });

    [Fact]
    public void A_failure_of_mtls_that_is_tried_again_too_soon_by_numbers_is_found() =>
        Finds("not 00:00:30", new SimulationOptions { EngineSees = static outcome => Mistakes(outcome, OutcomeKind.MtlsUnavailable, OutcomeKind.Throttled) });

    [Fact]
    public void A_replay_of_what_is_still_pending_is_found() =>
        Finds("the replay of delivery", new SimulationOptions { MakeStore = static () => new RepeatingStore() });

    private static Outcome Mistakes(Outcome outcome, OutcomeKind kind, OutcomeKind takenFor) => outcome.Kind == kind ? outcome with { Kind = takenFor } : outcome;

    private static void Finds(string message, SimulationOptions options)
    {
        var found = Enumerable.Range(1, Seeds).Select(seed => Record.Exception(() => SimulatedRun.Run(seed, options))).OfType<SimulationFailure>();
        Assert.Contains(found, failure => failure.InnerException!.Message.Contains(message, StringComparison.Ordinal));
    }

    private sealed class LosingStore : SimulatedStore
    {
        public override void Commit(LedgerBatch batch)
        {
            if (batch.Deliveries.Count > 10)
            {
                batch.Deliveries.RemoveAt(7);
            }

            base.Commit(batch);
        }
    }

    private sealed class BackwardStore : SimulatedStore
    {
        public override List<BacklogRow> ReadPage(int install, long afterId, int limit)
        {
            var page = base.ReadPage(install, afterId, limit);
            page.Reverse();
            return page;
        }
    }

    private sealed class ForgetfulStore : SimulatedStore
    {
        private int _commits;

        public override void Commit(LedgerBatch batch)
        {
            if (++_commits % 50 == 0)
            {
                batch.Records = new RecordBatch();
            }

            base.Commit(batch);
        }
    }

    private sealed class YoungestHeadStore : SimulatedStore
    {
        public override StoredDelivery? OldestHead(int install, IReadOnlyList<string> eventTypes, IReadOnlySet<long> except)
        {
            var oldest = base.OldestHead(install, eventTypes, except);
            return oldest is null ? null : base.OldestHead(install, eventTypes, except.Append(oldest.Id).ToHashSet()) ?? oldest;
        }
    }

    private sealed class AnyHeadStore : SimulatedStore
    {
        public override StoredDelivery? OldestHead(int install, IReadOnlyList<string> eventTypes, IReadOnlySet<long> except) =>
            base.OldestHead(install, ["t.One", "t.Two", "t.Three"], except);
    }

    private sealed class CarefreeStore : SimulatedStore
    {
        public override void Commit(LedgerBatch batch)
        {
            batch.Records.Standings.Clear();
            base.Commit(batch);
        }
    }

    private sealed class HastyStore : SimulatedStore
    {
        public override SweptBatch Expire(
            int install, DateTimeOffset acceptedThrough, DeadReason reason, IReadOnlySet<long> except, DateTimeOffset now, int limit) =>
            base.Expire(install, acceptedThrough + TimeSpan.FromMilliseconds(500), reason, except, now, limit);
    }

    private sealed class RepeatingStore : SimulatedStore
    {
        protected override bool CanBeReplayed(StoredRow row) => true;
    }

    private sealed class PatientStore : SimulatedStore
    {
        public override SweptBatch Expire(
            int install, DateTimeOffset acceptedThrough, DeadReason reason, IReadOnlySet<long> except, DateTimeOffset now, int limit) =>
            new([], OldestLeft: null, IsFull: false);
    }
}
