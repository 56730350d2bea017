using Sealpost.Vault;

namespace Sealpost.Hosting.Settings;

/// <summary>What must hold between settings, once each of them is right by itself.</summary>
internal static class SettingsRules
{
    private const string NeedsHashiCorp = ": must be absent, as Vault:Provider is not hashicorp";

    /// <summary>One line on the first rule that is broken; null when all hold.</summary>
    public static string? FirstBroken(SealpostSettings settings) => settings switch
    {
        _ when settings.Retry.BackoffMax < settings.Retry.BackoffBase => "Retry:BackoffMax: must not be below Retry:BackoffBase",
        _ when settings.Publish.MaxRequestBytes < settings.Publish.MaxEventBytes => "Publish:MaxRequestBytes: must not be below Publish:MaxEventBytes",
        _ when settings.Server.Certificate is not null && settings.Server.CertificateKey is null => "Server:CertificateKey: must be set, as Server:Certificate is",
        _ when settings.Server.CertificateKey is not null && settings.Server.Certificate is null => "Server:Certificate: must be set, as Server:CertificateKey is",
        _ when settings.Server.HttpPort != 0 && settings.Server.HttpPort == settings.Server.HttpsPort => "--https: must differ from --http",
        _ => FirstBroken(settings.Vault),
    };

    private static string? FirstBroken(VaultOptions vault) => vault switch
    {
        { Provider: VaultProvider.Local, Address: not null } => "Vault:Address" + NeedsHashiCorp,
        { Provider: VaultProvider.Local, Mount: not null } => "Vault:Mount" + NeedsHashiCorp,
        { Provider: VaultProvider.Local, Namespace: not null } => "Vault:Namespace" + NeedsHashiCorp,
        { Provider: VaultProvider.Local, RoleId: not null } => "Vault:RoleId" + NeedsHashiCorp,
        { Provider: VaultProvider.Local, SecretIdFile: not null } => "Vault:SecretIdFile" + NeedsHashiCorp,
        { Provider: VaultProvider.Local, TokenFile: not null } => "Vault:TokenFile" + NeedsHashiCorp,
        { Provider: VaultProvider.Local, CaFile: not null } => "Vault:CaFile" + NeedsHashiCorp,
        { Provider: VaultProvider.HashiCorp, Address: null } => "Vault:Address: must be set, as Vault:Provider is hashicorp",
        { Provider: VaultProvider.HashiCorp, RoleId: null, TokenFile: null } => "Vault:RoleId: must be set, or Vault:TokenFile, as Vault:Provider is hashicorp",
        { RoleId: not null, TokenFile: not null } => "Vault:TokenFile: must be absent, as Vault:RoleId is set: one of them gives the token",
        { RoleId: not null, SecretIdFile: null } => "Vault:SecretIdFile: must be set, as Vault:RoleId is",
        { RoleId: null, SecretIdFile: not null } => "Vault:SecretIdFile: must be absent, as Vault:RoleId is not set",
        _ => null,
    };
}
