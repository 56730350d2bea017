using System.Net;
using System.Security.Authentication;

namespace Sealpost.Sending;

/// <summary>Deadlines of one attempt (settings <c>Delivery:*</c>).</summary>
public sealed record SendingOptions
{
    /// <summary>DNS, TCP and TLS together; default 5 s (seed).</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the request fully written to its status line and headers; default 5 s (seed).</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The protocol versions offered: TLS 1.2 and 1.3 by default (setting <c>Delivery:MinimumTls</c>).</summary>
    public SslProtocols TlsProtocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;
}

/// <summary>What endpoints may be reached (settings <c>Egress:*</c>), judged at connect time on the resolved address.</summary>
public sealed record EgressOptions
{
    /// <summary>Networks allowed although they are private; default none, in Development the loopback.</summary>
    public IReadOnlyList<IPNetwork> AllowedNetworks { get; init; } = [];

    /// <summary>Ports allowed, as inclusive ranges; default 443, 8443, 1024–65535, in Development all.</summary>
    public IReadOnlyList<PortRange> AllowedPorts { get; init; } = [new(443, 443), new(8443, 8443), new(1024, 65535)];

    /// <summary>PEM files with roots trusted besides the system's; default none.</summary>
    public IReadOnlyList<string> TrustedRoots { get; init; } = [];
}

/// <summary>Ports <paramref name="First"/> to <paramref name="Last"/>, both included; 1 to 65535.</summary>
public readonly record struct PortRange(int First, int Last)
{
    public bool Contains(int port) => port >= First && port <= Last;
}
