using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sealpost.Dispatch;

namespace Sealpost.Sending;

/// <summary>Makes the handlers that all outgoing requests go through: one kind for endpoints, one for hops of our own.</summary>
internal static class OutgoingHandler
{
    /// <summary>Response headers read of one answer, at most; the platform's unit is KiB.</summary>
    private const int MaxResponseHeadersKiB = 16;

    /// <summary>Fresh connections now and then follow a changed address or certificate.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan IdleConnectionLifetime = TimeSpan.FromSeconds(30);

    /// <summary>An HTTP/2 connection whose peer is gone would swallow every later request: pings find it.</summary>
    private static readonly TimeSpan PingAfterSilence = TimeSpan.FromSeconds(5);

    /// <summary>Of requests to endpoints.</summary>
    /// <param name="connector">Opens and judges connections.</param>
    /// <param name="sending">Connect timeout and protocol versions.</param>
    /// <param name="egress">The roots trusted besides the system's.</param>
    /// <param name="dispatch">The limit per origin, which is the pool's limit too: nothing may queue in the pool.</param>
    /// <param name="time">Dates of certificates.</param>
    /// <param name="clientCertificate">The certificate of all connections of this handler; none by default.</param>
    public static SocketsHttpHandler Create(
        GuardedConnector connector,
        SendingOptions sending,
        EgressOptions egress,
        DispatchOptions dispatch,
        TimeProvider time,
        SslStreamCertificateContext? clientCertificate = null) =>
        Create(connector, sending, EndpointTrust.PolicyWith(egress.TrustedRoots), dispatch, time, clientCertificate);

    /// <summary>The same with a trust that many handlers share: the system's roots alone are some hundred certificates.</summary>
    public static SocketsHttpHandler Create(
        GuardedConnector connector,
        SendingOptions sending,
        X509ChainPolicy trust,
        DispatchOptions dispatch,
        TimeProvider time,
        SslStreamCertificateContext? clientCertificate)
    {
        var handler = Strict(sending, trust, new CertificateCheck(time).Validate);
        handler.ConnectCallback = connector.ConnectAsync;
        handler.MaxConnectionsPerServer = dispatch.OriginConcurrency;
        // One is enough for the origin's limit, and a peer that allows no streams cannot make us open more and more.
        handler.EnableMultipleHttp2Connections = false;
        // A body longer than what we read costs the connection.
        handler.MaxResponseDrainSize = 0;
        handler.ResponseDrainTimeout = TimeSpan.Zero;
        handler.SslOptions.ClientCertificateContext = clientCertificate;
        return handler;
    }

    /// <summary>
    /// Of requests to a hop of our own, such as the vault: as strict as to endpoints, but no egress guard judges where it is
    /// (protocol 5); that is the operator's word.
    /// </summary>
    /// <param name="sending">Connect timeout and protocol versions.</param>
    /// <param name="roots">PEM files with roots trusted besides the system's.</param>
    /// <param name="setting">The setting that names them.</param>
    /// <param name="time">Dates of certificates.</param>
    /// <param name="own">Known when this process calls itself; null: it never does here.</param>
    /// <exception cref="InvalidDataException">A file cannot be read, or holds no certificate.</exception>
    public static SocketsHttpHandler ToOwnHop(
        SendingOptions sending, IReadOnlyList<string> roots, string setting, TimeProvider time, OwnProcess? own = null)
    {
        var check = new CertificateCheck(time);
        var handler = Strict(sending, EndpointTrust.PolicyWith(roots, setting), (sender, presented, chain, errors) =>
            own?.IsOwn(presented as X509Certificate2) == true || check.Validate(sender, presented, chain, errors));
        handler.ConnectCallback = own is null ? null : (context, stop) => ConnectAsync(own, context.DnsEndPoint, stop);
        // A hop takes what all endpoints behind it take: one connection's streams are too few.
        handler.EnableMultipleHttp2Connections = true;
        return handler;
    }

    // What holds for whatever is sent (security 5.1).
    private static SocketsHttpHandler Strict(SendingOptions sending, X509ChainPolicy trust, RemoteCertificateValidationCallback check) => new()
    {
        // A proxy from the environment would be judged in the receiver's place.
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        PreAuthenticate = false,
        Credentials = null,
        ActivityHeadersPropagator = null,
        // An install's header values may hold more than ASCII.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ConnectTimeout = sending.ConnectTimeout,
        PooledConnectionIdleTimeout = IdleConnectionLifetime,
        PooledConnectionLifetime = ConnectionLifetime,
        KeepAlivePingDelay = PingAfterSilence,
        KeepAlivePingTimeout = PingAfterSilence,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        MaxResponseHeadersLength = MaxResponseHeadersKiB,
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = sending.TlsProtocols,
            CertificateChainPolicy = trust,
            RemoteCertificateValidationCallback = check,
        },
    };

    private static async ValueTask<Stream> ConnectAsync(OwnProcess own, DnsEndPoint target, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(own.AddressOf(target) ?? (EndPoint)target, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
