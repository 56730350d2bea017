using Sealpost.Sending;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// Whether a failure is about the client certificate. Servers say so in three ways: with a TLS alert in the handshake (TLS 1.2), with one
/// after it (TLS 1.3), and mostly by ending the connection without a word (security, fact 12). Pure.
/// </summary>
internal static class CertificateRefusal
{
    // OpenSSL's reasons for the alerts of RFC 8446 6.2: 1000 and the alert's number.
    private const int CertificateRequired = 1116;

    // bad, unsupported, revoked, expired and unknown certificate, unknown authority, access denied.
    private static readonly int[] Refusals = [1042, 1043, 1044, 1045, 1046, 1048, 1049, CertificateRequired];

    // OpenSSL's errors: the library's number above the reason's 23 bits; 20 is TLS.
    private const int TlsLibrary = 20;
    private const int ReasonBits = 23;

    /// <param name="failure">What it was taken for.</param>
    /// <param name="cause">What the platform threw.</param>
    /// <param name="presents">Whether the connections present a certificate.</param>
    /// <param name="onSilentConnection">Whether the endpoint has never answered on the connection.</param>
    public static SendFailure Judge(SendFailure failure, Exception cause, bool presents, bool onSilentConnection)
    {
        var alert = Alert(cause);
        var isAboutIt = Refusals.Contains(alert) || (failure.Kind == OutcomeKind.Closed && onSilentConnection);
        return !presents
            ? alert == CertificateRequired ? new SendFailure(OutcomeKind.Tls, "the endpoint demands a client certificate, and no certificate is mapped") : failure
            : isAboutIt ? new SendFailure(OutcomeKind.CertificateRejected, "the endpoint ended the connection at the client certificate; most often it does not accept it")
            : failure;
    }

    /// <summary>The reason of OpenSSL's that is in there; 0: none.</summary>
    private static int Alert(Exception cause)
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
