namespace Sealpost.Mtls;

/// <summary>Mutual TLS (settings <c>Mtls:*</c>, protocol 5).</summary>
public sealed record MtlsOptions
{
    /// <summary>How often the mappings are asked for; default 150 s (seed).</summary>
    public TimeSpan MappingInterval { get; init; } = TimeSpan.FromSeconds(150);

    /// <summary>Forwards of one account in a second; default 100.</summary>
    public int PermitsPerSecond { get; init; } = 100;

    /// <summary>Forwards of one account at once after a quiet time; default 200.</summary>
    public int Burst { get; init; } = 200;

    /// <summary>PEM files with roots that a gateway may chain to, besides the system's; default none.</summary>
    public IReadOnlyList<string> GatewayRoots { get; init; } = [];

    /// <summary>How long certificates are used after the vault was last reached; default 1 h.</summary>
    public TimeSpan VaultMaxStale { get; init; } = TimeSpan.FromHours(1);
}
