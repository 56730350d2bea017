using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sealpost.Testing.Receivers;

namespace Sealpost.Testing.Tls;

/// <summary>Every kind of TLS endpoint that a request may meet.</summary>
public static class TlsCases
{
    private static readonly TlsEnd HandshakeFailed = TlsEnd.Tls("the TLS handshake failed");
    private static readonly TlsEnd NotItsHost = TlsEnd.Tls("the endpoint's certificate does not name its host");
    private static readonly TlsEnd CertificateRejected = new("certificate_rejected", "the endpoint rejected the client certificate");
    private static readonly TlsEnd CertificateUnavailable = new("certificate_unavailable", null);

    public static IReadOnlyList<TlsCase> All { get; } =
    [
        Good("TLS 1.2", SslProtocols.Tls12),
        Good("TLS 1.3", SslProtocols.Tls13),
        new("TLS 1.1 only", (tls, _) => OpenSslAsync(tls, "-tls1_1"), HandshakeFailed),
        Bad("certificate of another host", tls => tls.Trusted.WrongName(), NotItsHost),
        Bad("certificate expired", tls => tls.Trusted.Expired(), TlsEnd.Tls("the endpoint's certificate has expired")),
        Bad("certificate not yet valid", tls => tls.Trusted.NotYetValid(), TlsEnd.Tls("the endpoint's certificate is not valid yet")),
        Bad("certificate of an unknown root", tls => tls.Unknown.Server(), TlsEnd.Tls("the endpoint's certificate comes from an issuer that is not trusted")),
        Bad("certificate of a client", tls => tls.Trusted.WrongUsage(), TlsEnd.Tls("the endpoint's certificate is not meant for a server")),
        Bad("certificate without a SAN", tls => tls.Trusted.WithoutSubjectAltName("127.0.0.1"), NotItsHost),
        Stalling("silent instead of a handshake", HostileScripts.StallBeforeHandshake),
        Stalling("handshake begun and left", HostileScripts.StallInHandshake),
        Stalling("handshake dripped", HostileScripts.DripHandshake),
        new("client certificate demanded and shown", DemandingAsync, TlsEnd.Closed) { Mtls = TlsEnd.Delivered },
        Demanding("client certificate demanded and missing, TLS 1.2", "-tls1_2", ClientPresented.Nothing, HandshakeFailed, HandshakeFailed),
        Demanding("client certificate demanded and missing, TLS 1.3", "-tls1_3", ClientPresented.Nothing, TlsEnd.Closed, TlsEnd.Closed),
        Demanding("client certificate refused, TLS 1.2", "-tls1_2", ClientPresented.OfAnotherAuthority, HandshakeFailed, CertificateRejected),
        Demanding("client certificate refused, TLS 1.3", "-tls1_3", ClientPresented.OfAnotherAuthority, TlsEnd.Closed, CertificateRejected),
        Demanding("client certificate expired", "-tls1_3", ClientPresented.Expired, TlsEnd.Closed, CertificateUnavailable),
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

    private static TlsCase Demanding(string name, string version, ClientPresented presented, TlsEnd direct, TlsEnd mtls) => new(
        name, (tls, _) => OpenSslAsync(tls, version, "-Verify", "1", "-verify_return_error", "-CAfile", tls.Clients.RootFile), direct)
    {
        Presented = presented,
        Mtls = mtls,
    };

    private static Task<TlsServer> DemandingAsync(TlsAuthorities tls, CancellationToken cancellation) => TlsServer.AnsweringAsync(
        new ReceiverOptions(tls.Trusted.Server())
        {
            ClientCertificates = ClientCertificateMode.RequireCertificate,
            ClientRoot = tls.Clients.Authority,
        },
        cancellation);

    private static async Task<TlsServer> OpenSslAsync(TlsAuthorities tls, params string[] arguments) =>
        TlsServer.Of(await OpenSslServer.StartAsync(tls.Trusted.Server(), arguments));
}
