namespace Sealpost.Vault;

/// <summary>
/// Keeps the key material of certificates (protocol 5). What can go wrong comes back as a <see cref="VaultVerdict"/>; only a store
/// that is broken throws. Thread safe.
/// </summary>
internal interface IVault
{
    /// <summary>
    /// Keeps the material at a place that has never been used: <see cref="VaultVerdict.Done"/>, also when the very same stands
    /// there already, which is what is left of a try whose answer was lost. <see cref="VaultVerdict.Conflict"/>: something else does.
    /// </summary>
    Task<VaultAnswer> StoreAsync(VaultPlace place, KeyMaterial material, CancellationToken cancellation);

    /// <summary>What is kept there, with <see cref="VaultVerdict.Done"/>; else why it cannot be had.</summary>
    Task<VaultAnswer> FetchAsync(VaultPlace place, CancellationToken cancellation);

    /// <summary>Wipes what is kept there. Done, too, when there is nothing.</summary>
    Task<VaultAnswer> DeleteAsync(VaultPlace place, CancellationToken cancellation);
}
