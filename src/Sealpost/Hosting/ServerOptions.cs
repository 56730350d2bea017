using System.Net;

namespace Sealpost.Hosting;

/// <summary>Where and as what the service listens (flags of <c>serve</c>, settings <c>Server:*</c>).</summary>
public sealed record ServerOptions
{
    /// <summary>Development allows endpoints on the loopback and logs for people; default Production.</summary>
    public bool Development { get; init; }

    /// <summary>Address to listen on; default the loopback.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>Port for HTTP; 0 takes a free one. Default 8080.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>Port for HTTPS; 0 takes a free one. Default 8443.</summary>
    public int HttpsPort { get; init; } = 8443;

    /// <summary>PEM file with the server's certificate and its chain; null, the default: the development CA's.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file with the key of <see cref="Certificate"/>.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>How the outside reaches this service; null, the default: as it listens.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed; default none.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Setting <c>Limits:Connections</c>: open connections in all, on both ports. Default 10,000.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>Setting <c>Limits:ConnectionsPerAddress</c>: of one IPv4 address or IPv6 /64; trusted proxies have no bound. Default 1,000.</summary>
    public int ConnectionsPerAddress { get; init; } = 1_000;
}
