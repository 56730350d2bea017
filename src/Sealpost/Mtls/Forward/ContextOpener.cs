using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Dispatch;
using Sealpost.Sending;
using Sealpost.Vault;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// Makes what sends for a <see cref="TlsContext"/>: a handler of its own with a certificate of its own. The trust and the connector, which
/// are the same for all, are shared. Thread safe.
/// </summary>
internal sealed class ContextOpener
{
    /// <summary>Connections of one context to one host, at most; beyond, requests wait for one as long as they may for connecting.</summary>
    private const int MostConnections = 512;

    private readonly ForwardOptions _options;
    private readonly GuardedConnector _connector;
    private readonly X509ChainPolicy _trust;
    private readonly TimeProvider _time;

    /// <exception cref="InvalidDataException">A file of <see cref="EgressOptions.TrustedRoots"/> holds no certificate.</exception>
    public ContextOpener(ForwardOptions options, OwnAddresses own, HostLookup lookup, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _connector = new GuardedConnector(new EgressGuard(options.Egress, own), lookup, options.Sending.ConnectTimeout, time);
        _trust = EndpointTrust.PolicyWith(options.Egress.TrustedRoots);
    }

    /// <summary>Opens a context with this key material, or without any.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The key material cannot be used.</exception>
    public HttpMessageInvoker Open(TlsContext context, KeyMaterial? material)
    {
        var presented = material is null ? null : Presented.Of(material);
        var dispatch = new DispatchOptions { OriginConcurrency = MostConnections };
        var handler = OutgoingHandler.Create(_connector, _options.Sending, _trust, dispatch, _time, presented?.Context);
        // A session that was resumed would outlive its context in the platform's own cache.
        handler.SslOptions.AllowTlsResume = false;
        handler.PlaintextStreamFilter = static (connection, _) => ValueTask.FromResult<Stream>(new WatchedConnection(connection.PlaintextStream));
        handler.ConnectCallback = (connection, cancellation) =>
        {
            context.ThrowIfRetired();
            return _connector.ConnectAsync(connection, cancellation);
        };
        return presented is null ? new HttpMessageInvoker(handler) : new PresentingInvoker(handler, presented);
    }

    /// <summary>A client certificate as handshakes take it: one for all connections of a context (security 5.1).</summary>
    private sealed record Presented(X509Certificate2 Leaf, SslStreamCertificateContext Context) : IDisposable
    {
        public static Presented Of(KeyMaterial material)
        {
            var leaf = material.Load();
            // Offline: the platform would fetch a missing issuer from where the certificate says, past the egress guard.
            return new Presented(leaf, SslStreamCertificateContext.Create(leaf, material.LoadChain(), offline: true));
        }

        public void Dispose()
        {
            Leaf.Dispose();
            foreach (var issuer in Context.IntermediateCertificates)
            {
                issuer.Dispose();
            }
        }
    }

    private sealed class PresentingInvoker(HttpMessageHandler handler, Presented presented) : HttpMessageInvoker(handler)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            presented.Dispose();
        }
    }
}
