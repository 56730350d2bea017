namespace Sealpost.Hosting.Settings;

/// <summary>What must hold between settings, once each of them is right by itself.</summary>
internal static class SettingsRules
{
    /// <summary>One line on the first rule that is broken; null when all hold.</summary>
    public static string? FirstBroken(SealpostSettings settings) => settings switch
    {
        _ when settings.Retry.BackoffMax < settings.Retry.BackoffBase => "Retry:BackoffMax: must not be below Retry:BackoffBase",
        _ when settings.Publish.MaxRequestBytes < settings.Publish.MaxEventBytes => "Publish:MaxRequestBytes: must not be below Publish:MaxEventBytes",
        _ when settings.Server.Certificate is not null && settings.Server.CertificateKey is null => "Server:CertificateKey: must be set, as Server:Certificate is",
        _ when settings.Server.CertificateKey is not null && settings.Server.Certificate is null => "Server:Certificate: must be set, as Server:CertificateKey is",
        _ when settings.Server.HttpPort != 0 && settings.Server.HttpPort == settings.Server.HttpsPort => "--https: must differ from --http",
        _ => null,
    };
}
