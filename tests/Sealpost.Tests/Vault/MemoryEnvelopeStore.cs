using Sealpost.Vault;

namespace Sealpost.Tests.Vault;

/// <summary>Envelopes in memory, open to a test that swaps them.</summary>
internal sealed class MemoryEnvelopeStore : IEnvelopeStore
{
    public Dictionary<VaultPlace, Envelope> Rows { get; } = [];

    public bool Add(VaultPlace place, Envelope envelope) => Rows.TryAdd(place, envelope);

    public Envelope? Find(VaultPlace place) => Rows.GetValueOrDefault(place);

    public void Remove(VaultPlace place) => Rows.Remove(place);
}
