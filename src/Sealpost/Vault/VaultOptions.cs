namespace Sealpost.Vault;

/// <summary>The vaults there are.</summary>
public enum VaultProvider
{
    /// <summary>Encrypted in the store, with the data directory's master key.</summary>
    Local,

    /// <summary>A HashiCorp Vault or OpenBao server, KV version 2.</summary>
    HashiCorp,
}

/// <summary>Where certificates and their keys are kept (settings <c>Vault:*</c>). The local vault takes no other setting.</summary>
public sealed record VaultOptions
{
    public VaultProvider Provider { get; init; } = VaultProvider.Local;

    /// <summary>Scheme, host and port of the server; https, or http on the loopback.</summary>
    public Uri? Address { get; init; }

    /// <summary>Where the KV version 2 engine is mounted; null: <see cref="DefaultMount"/>.</summary>
    public string? Mount { get; init; }

    /// <summary>The namespace, for Vault Enterprise and OpenBao; default none.</summary>
    public string? Namespace { get; init; }

    /// <summary>The AppRole to log in with; it goes with <see cref="SecretIdFile"/>.</summary>
    public string? RoleId { get; init; }

    /// <summary>A file, mode 0600, with the AppRole's secret id; read anew at each login.</summary>
    public string? SecretIdFile { get; init; }

    /// <summary>A file, mode 0600, with a token, instead of the AppRole; read anew when the token ends.</summary>
    public string? TokenFile { get; init; }

    /// <summary>PEM roots that the server's certificate may chain to, besides the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The mount that a development server comes with.</summary>
    public const string DefaultMount = "secret";
}
