using System.Security.Authentication;
using System.Security.Cryptography;
using Sealpost.Mtls.Forward;
using Sealpost.Sending;

namespace Sealpost.Tests.Mtls.Forward;

public sealed class CertificateRefusalTests
{
    private const int AlertBadCertificate = (20 << 23) | 1042;
    private const int AlertCertificateRequired = (20 << 23) | 1116;
    private const int AlertHandshakeFailure = (20 << 23) | 1040;

    private static readonly SendFailure Closed = new(OutcomeKind.Closed, "closed");
    private static readonly SendFailure Tls = new(OutcomeKind.Tls, "tls");

    [Theory]
    [InlineData(true, true, OutcomeKind.CertificateRejected)]
    [InlineData(true, false, OutcomeKind.Closed)]
    [InlineData(false, true, OutcomeKind.Closed)]
    public void A_connection_that_ends_is_about_the_certificate_where_one_was_presented_and_nothing_was_ever_answered(bool presents, bool silent, OutcomeKind kind) =>
        Assert.Equal(kind, CertificateRefusal.Judge(Closed, new HttpRequestException(), presents, silent).Kind);

    [Theory]
    [InlineData(AlertBadCertificate, true, OutcomeKind.CertificateRejected, "at the client certificate")]
    [InlineData(AlertCertificateRequired, true, OutcomeKind.CertificateRejected, "at the client certificate")]
    [InlineData(AlertCertificateRequired, false, OutcomeKind.Tls, "demands a client certificate")]
    [InlineData(AlertBadCertificate, false, OutcomeKind.Tls, "tls")]
    [InlineData(AlertHandshakeFailure, true, OutcomeKind.Tls, "tls")]
    [InlineData(0, true, OutcomeKind.Tls, "tls")]
    public void An_alert_about_the_certificate_says_so(int alert, bool presents, OutcomeKind kind, string message)
    {
        var failure = CertificateRefusal.Judge(
            Tls, new HttpRequestException("x", new AuthenticationException("x", new CryptographicException(alert))), presents, onSilentConnection: false);

        Assert.Equal(kind, failure.Kind);
        Assert.Contains(message, failure.Error, StringComparison.Ordinal);
    }
}
