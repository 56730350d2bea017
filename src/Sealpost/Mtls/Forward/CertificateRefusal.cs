using Sealpost.Sending;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// Whether a failure is about the client certificate. Servers say so in three ways: with a TLS alert in the handshake (TLS 1.2), with one
/// after it (TLS 1.3), and mostly by ending the connection without a word (security, fact 12). Pure.
/// </summary>
internal static class CertificateRefusal
{
    /// <param name="failure">What it was taken for.</param>
    /// <param name="cause">What the platform threw.</param>
    /// <param name="presents">Whether the connections present a certificate.</param>
    /// <param name="onSilentConnection">Whether the endpoint has never answered on the connection.</param>
    public static SendFailure Judge(SendFailure failure, Exception cause, bool presents, bool onSilentConnection)
    {
        var isAboutIt = TlsAlerts.RefusesCertificate(cause) || (failure.Kind == OutcomeKind.Closed && onSilentConnection);
        return !presents
            ? TlsAlerts.DemandsCertificate(cause) ? new SendFailure(OutcomeKind.Tls, "the endpoint demands a client certificate, and no certificate is mapped") : failure
            : isAboutIt ? new SendFailure(OutcomeKind.CertificateRejected, "the endpoint ended the connection at the client certificate; most often it does not accept it")
            : failure;
    }
}
