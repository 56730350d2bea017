namespace Sealpost.Vault;

/// <summary>Keeps the embedded vault's envelopes. Each method is one transaction.</summary>
internal interface IEnvelopeStore
{
    /// <summary>Keeps an envelope; false when there is one at this place already.</summary>
    bool Add(VaultPlace place, Envelope envelope);

    /// <summary>The envelope at this place; null when there is none.</summary>
    Envelope? Find(VaultPlace place);

    void Remove(VaultPlace place);
}

/// <summary>Key material as the embedded vault keeps it.</summary>
/// <param name="WrappedKey">The data key of this envelope alone, sealed with the master key.</param>
/// <param name="Sealed">The material, sealed with the data key.</param>
internal sealed record Envelope(byte[] WrappedKey, byte[] Sealed);
