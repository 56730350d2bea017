namespace Sealpost.Sending;

/// <summary>What a peer's TLS alert says of client certificates (RFC 8446 6.2). Pure.</summary>
internal static class TlsAlerts
{
    // OpenSSL's reasons for alerts: 1000 and the alert's number.
    private const int CertificateRequired = 1116;

    // bad, unsupported, revoked, expired and unknown certificate, unknown authority, access denied.
    private static readonly int[] Refusals = [1042, 1043, 1044, 1045, 1046, 1048, 1049, CertificateRequired];

    // OpenSSL's errors: the library's number above the reason's 23 bits; 20 is TLS.
    private const int TlsLibrary = 20;
    private const int ReasonBits = 23;

    /// <summary>The peer takes nobody without a client certificate.</summary>
    public static bool DemandsCertificate(Exception cause) => Reason(cause) == CertificateRequired;

    /// <summary>The peer does not take what it was shown, or that it was shown nothing.</summary>
    public static bool RefusesCertificate(Exception cause) => Refusals.Contains(Reason(cause));

    /// <summary>The reason of OpenSSL's that is in there; 0: none.</summary>
    private static int Reason(Exception cause)
    {
        for (var e = cause; e is not null; e = e.InnerException)
        {
            if ((uint)e.HResult >> ReasonBits == TlsLibrary)
            {
                return e.HResult & ((1 << ReasonBits) - 1);
            }
        }

        return 0;
    }
}
