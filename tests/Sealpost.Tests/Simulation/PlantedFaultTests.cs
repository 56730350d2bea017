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
        Finds(SimulationOptions.StandingsByDefault ? "00:00:01 before the round" : "not 00:00:02", new SimulationOptions { EngineRetry = new RetryOptions { BackoffBase = TimeSpan.FromSeconds(1) } });

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
}
