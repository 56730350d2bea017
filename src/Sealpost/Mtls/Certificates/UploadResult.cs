using Sealpost.Vault;

namespace Sealpost.Mtls.Certificates;

/// <summary>What came of one upload.</summary>
internal enum UploadKind
{
    Saved,
    CertificateNotFound,
    AccountNotFound,
    NameTaken,

    /// <summary>The vault did not take the key material: nothing was changed.</summary>
    VaultFailed,
}

/// <param name="Kind">What came of it.</param>
/// <param name="Certificate">The certificate in use after it; null unless saved.</param>
/// <param name="Vault">What the vault said, where it failed.</param>
internal sealed record UploadResult(UploadKind Kind, ClientCertificate? Certificate = null, VaultAnswer? Vault = null);
