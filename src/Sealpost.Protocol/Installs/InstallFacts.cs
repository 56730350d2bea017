namespace Sealpost.Protocol.Installs;

/// <summary>What an answer about an install says besides its manifest.</summary>
/// <param name="ClientId">The <c>client_id</c>, also shown as <c>id</c>.</param>
/// <param name="ClientSecret">The secret for whom it may be shown to, else null.</param>
/// <param name="IssuedAt">Shown in seconds since 1970 (RFC 7591).</param>
/// <param name="Enabled">The install's flag; wins over the manifest's own.</param>
/// <param name="Deleted">Whether the install is removed.</param>
public sealed record InstallFacts(Guid ClientId, string? ClientSecret, DateTimeOffset IssuedAt, bool Enabled, bool Deleted)
{
    /// <summary>Never shows the secret.</summary>
    public override string ToString() => $"{nameof(InstallFacts)} {{ {nameof(ClientId)} = {ClientId} }}";
}
