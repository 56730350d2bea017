using System.Security.Cryptography;

namespace Sealpost.Vault;

/// <summary>
/// The embedded vault: AES-256-GCM envelopes in the store. Each place has a data key of its own, which the master key wraps, so that
/// a rotation of the master key re-wraps 32 bytes and touches no material. Both seals are bound to account, record and version:
/// a row copied elsewhere does not open.
/// </summary>
internal sealed class LocalVault(IEnvelopeStore store, MasterKey master) : IVault
{
    /// <summary>The purpose of the key that wraps data keys; a rotation needs it too.</summary>
    public const string WrappingPurpose = "vault_data_key";

    private const string MaterialPurpose = "certificate";
    private const int DataKeyBytes = 32;

    private readonly SealedBox _wrapping = new(master, WrappingPurpose);

    public Task<VaultAnswer> StoreAsync(VaultPlace place, KeyMaterial material, CancellationToken cancellation)
    {
        if (store.Add(place, Seal(place, material)))
        {
            return Task.FromResult(VaultAnswer.Done);
        }

        var present = Fetch(place);
        return Task.FromResult(present.IsFetched && present.Material.Equals(material)
            ? VaultAnswer.Done
            : new VaultAnswer(VaultVerdict.Conflict, $"something else is kept at {place}"));
    }

    public Task<VaultAnswer> FetchAsync(VaultPlace place, CancellationToken cancellation) => Task.FromResult(Fetch(place));

    public Task<VaultAnswer> DeleteAsync(VaultPlace place, CancellationToken cancellation)
    {
        store.Remove(place);
        return Task.FromResult(VaultAnswer.Done);
    }

    /// <summary>What a wrapped data key belongs to.</summary>
    public static SealedFor Owner(VaultPlace place) => new(place.Account, place.Path);

    private Envelope Seal(VaultPlace place, KeyMaterial material)
    {
        var dataKey = RandomNumberGenerator.GetBytes(DataKeyBytes);
        try
        {
            return new Envelope(
                _wrapping.Seal(new Secret(dataKey), Owner(place)),
                SealedBox.OfDataKey(dataKey, MaterialPurpose).Seal(KeyMaterialPem.Write(material), Owner(place)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    private VaultAnswer Fetch(VaultPlace place)
    {
        if (store.Find(place) is not { } envelope)
        {
            return new VaultAnswer(VaultVerdict.Absent, $"nothing is kept at {place}");
        }

        try
        {
            var dataKey = _wrapping.Open(envelope.WrappedKey, Owner(place)).Utf8;
            var pem = SealedBox.OfDataKey(dataKey, MaterialPurpose).Open(envelope.Sealed, Owner(place));
            return KeyMaterialPem.TryRead(pem, out var material)
                ? VaultAnswer.Done with { Material = material }
                : new VaultAnswer(VaultVerdict.Damaged, $"what is kept at {place} is no key material");
        }
        catch (VaultException e)
        {
            return new VaultAnswer(VaultVerdict.Damaged, e.Message);
        }
    }
}
