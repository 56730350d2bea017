using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sealpost.Testing.Receivers;

namespace Sealpost.Testing.Tls;

/// <summary>Every kind of TLS endpoint that a request may meet.</summary>
public static class TlsCases
{
    private static readonly TlsEnd HandshakeFailed = TlsEnd.Tls("the TLS handshake failed");
    private static readonly TlsEnd NotItsHost = TlsEnd.Tls("the endpoint's certificate does not name its host");
    private static readonly TlsEnd Demanded = TlsEnd.Tls("the endpoint demands a client certificate");
    private static readonly TlsEnd DemandedUnmapped = TlsEnd.Tls("the endpoint demands a client certificate, and no certificate is mapped");
    private static readonly TlsEnd CertificateUnavailable = new("certificate_unavailable", null);

    private static readonly TlsEnd MtlsUnavailable = new(
        "mtls_unavailable", "mtls_unavailable: The certificate that is mapped to this URL has expired; nothing was sent.");

    private static readonly TlsEnd CertificateRejected = new(
        "certificate_rejected", "the endpoint ended the connection at the client certificate; most often it does not accept it");

    public static IReadOnlyList<TlsCase> All { get; } =
    [
        Good("TLS 1.2", SslProtocols.Tls12),
        Good("TLS 1.3", SslProtocols.Tls13),
        OfOpenSsl("TLS 1.1 only", tls => tls.Trusted.Server(), HandshakeFailed, "-tls1_1"),
        Bad("certificate of another host", tls => tls.Trusted.WrongName(), NotItsHost),
        Bad("certificate expired", tls => tls.Trusted.Expired(), TlsEnd.Tls("the endpoint's certificate has expired")),
        Bad("certificate not yet valid", tls => tls.Trusted.NotYetValid(), TlsEnd.Tls("the endpoint's certificate is not valid yet")),
        Bad("certificate of an unknown root", tls => tls.Unknown.Server(), TlsEnd.Tls("the endpoint's certificate comes from an issuer that is not trusted")),
        OfOpenSsl("certificate of a client", tls => tls.Trusted.WrongUsage(), TlsEnd.Tls("the endpoint's certificate is not meant for a server")),
        Bad("certificate without a SAN", tls => tls.Trusted.WithoutSubjectAltName("127.0.0.1"), NotItsHost),
        Stalling("silent instead of a handshake", HostileScripts.StallBeforeHandshake),
        Stalling("handshake begun and left", HostileScripts.StallInHandshake),
        new("client certificate demanded and shown", DemandingAsync, TlsEnd.Closed) { Forwarded = TlsEnd.Delivered },
        Demanding("client certificate demanded and missing, TLS 1.2", "-tls1_2", ClientPresented.Nothing, HandshakeFailed, HandshakeFailed),
        Demanding("client certificate demanded and missing, TLS 1.3", "-tls1_3", ClientPresented.Nothing, Demanded, DemandedUnmapped),
        Demanding("client certificate refused, TLS 1.2", "-tls1_2", ClientPresented.OfAnotherAuthority, HandshakeFailed, CertificateRejected),
        Demanding("client certificate refused, TLS 1.3", "-tls1_3", ClientPresented.OfAnotherAuthority, Demanded, CertificateRejected),
        Demanding("client certificate expired", "-tls1_3", ClientPresented.Expired, Demanded, CertificateUnavailable) with { Delivered = MtlsUnavailable },
    ];

    private static TlsCase Good(string name, SslProtocols version) => new(
        name,
        (tls, cancellation) => TlsServer.AnsweringAsync(new ReceiverOptions(tls.Trusted.Server()) { TlsProtocols = version }, cancellation),
        TlsEnd.Delivered);

    // It would answer: so what refuses it is the certificate.
    private static TlsCase Bad(string name, Func<TlsAuthorities, X509Certificate2> certificate, TlsEnd end) => new(
        name, (tls, cancellation) => TlsServer.AnsweringAsync(new ReceiverOptions(certificate(tls)), cancellation), end);

    private static TlsCase Stalling(string name, Func<RawConnection, Task> script) => new(
        name, (tls, _) => Task.FromResult(TlsServer.Doing(RawReceiver.Start(tls.Trusted.Server(), script))), TlsEnd.ConnectTimeout);

    private static TlsCase OfOpenSsl(string name, Func<TlsAuthorities, X509Certificate2> certificate, TlsEnd end, params string[] arguments) => new(
        name, async (tls, _) => TlsServer.Of(await OpenSslServer.StartAsync(certificate(tls), arguments)), end)
    {
        NeedsOpenSsl = true,
    };

    private static TlsCase Demanding(string name, string version, ClientPresented presented, TlsEnd direct, TlsEnd forwarded) => new(
        name,
        async (tls, _) => TlsServer.Of(await OpenSslServer.StartAsync(
            tls.Trusted.Server(), version, "-Verify", "1", "-verify_return_error", "-CAfile", tls.Clients.RootFile)),
        direct)
    {
        NeedsOpenSsl = true,
        Presented = presented,
        Forwarded = forwarded,
    };

    private static Task<TlsServer> DemandingAsync(TlsAuthorities tls, CancellationToken cancellation) => TlsServer.AnsweringAsync(
        new ReceiverOptions(tls.Trusted.Server())
        {
            // Over HTTP/2 the end of the connection would race with the protocol's first frames.
            Protocols = HttpProtocols.Http1,
            ClientCertificates = ClientCertificateMode.RequireCertificate,
            TakesClient = tls.HasIssued,
        },
        cancellation);
}
