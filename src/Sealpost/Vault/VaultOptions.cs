namespace Sealpost.Vault;

/// <summary>The vaults this version has.</summary>
public enum VaultProvider
{
    /// <summary>Encrypted in the store, with the data directory's master key.</summary>
    Local,
}

/// <summary>Where certificates and their keys are kept (settings <c>Vault:*</c>). The local vault takes no other setting.</summary>
public sealed record VaultOptions
{
    public VaultProvider Provider { get; init; } = VaultProvider.Local;
}
