using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Testing.Simulation;

namespace Sealpost.IntegrationTests.Storage;

/// <summary>The simulator's store keeps the same promises, or what the simulator proves means nothing.</summary>
public sealed class SimulatedStoreTests : LedgerStoreContract
{
    private readonly SimulatedStore _store = new();

    private protected override ILedgerStore Ledger => _store;

    private protected override IBacklogStore Backlog => _store;

    private protected override void AddRemoval(int install, string? eventType) => _store.AddRemoval(install, eventType);
}
