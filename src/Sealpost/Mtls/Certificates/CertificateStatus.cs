namespace Sealpost.Mtls.Certificates;

/// <summary>Whether a certificate can be presented; the names are those on the wire (protocol 5).</summary>
internal enum CertificateStatus
{
    /// <summary>It is in the database and in the vault, and has not expired.</summary>
    Available,

    /// <summary>The vault does not have it, or cannot be asked and has not been for too long.</summary>
    UnAvailable,

    Expired,
}

/// <summary>The rule of the status. Pure.</summary>
internal static class StatusRules
{
    public static CertificateStatus Of(DateTimeOffset expiresAt, bool isInVault, DateTimeOffset now) =>
        now >= expiresAt ? CertificateStatus.Expired
        : isInVault ? CertificateStatus.Available
        : CertificateStatus.UnAvailable;
}
