using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Retry;
using Sealpost.Testing.Simulation;

namespace Sealpost.Tests.Simulation;

/// <summary>The oracle must see what it is there for: each test plants one fault and wants it named.</summary>
public sealed class PlantedFaultTests
{
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

    private static void Finds(string message, SimulationOptions options)
    {
        var found = Enumerable.Range(1, 60).Select(seed => Record.Exception(() => SimulatedRun.Run(seed, options))).OfType<SimulationFailure>();
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

    private sealed class PatientStore : SimulatedStore
    {
        public override SweptBatch Expire(
            int install, DateTimeOffset acceptedThrough, DeadReason reason, IReadOnlySet<long> except, DateTimeOffset now, int limit) =>
            new([], OldestLeft: null, IsFull: false);
    }
}
