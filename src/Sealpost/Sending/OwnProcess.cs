using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Sending;

/// <summary>
/// This process as a server, for calls that it makes to itself: they go to where it listens, whatever name and terminator the outside
/// reaches it by, and its own certificate is known without a chain. Set before anything calls; the certificate may be replaced later.
/// Thread safe.
/// </summary>
internal sealed class OwnProcess
{
    private volatile Facts? _facts;

    /// <summary>How the outside reaches it: <c>host[:port]</c>, as the Domain API answers. Empty before it listens.</summary>
    public string Authority => _facts?.Authority ?? "";

    public void Listens(string authority, Uri https, X509Certificate2 certificate) =>
        _facts = new Facts(authority, new Uri("https://" + authority), Address(https), HashOf(certificate));

    /// <summary>It presents another certificate from now on; the one before is its own no more.</summary>
    public void Presents(X509Certificate2 certificate) => _facts = _facts! with { CertificateHash = HashOf(certificate) };

    /// <summary>Whether this is how the outside reaches this process.</summary>
    public bool IsAt(Uri url) => _facts is { } facts && IsAt(facts.Url, url.IdnHost, url.Port);

    /// <summary>Where it listens, when <paramref name="target"/> is this process; else null.</summary>
    public IPEndPoint? AddressOf(DnsEndPoint target) =>
        _facts is { } facts && IsAt(facts.Url, target.Host.Trim('[', ']'), target.Port) ? facts.Address : null;

    /// <summary>Whether a peer has shown this process's own certificate.</summary>
    public bool IsOwn(X509Certificate2? presented) => presented is not null && _facts is { } facts
        && HashOf(presented).AsSpan().SequenceEqual(facts.CertificateHash);

    private static byte[] HashOf(X509Certificate2 certificate) => certificate.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256);

    // No port in the authority is the scheme's own.
    private static bool IsAt(Uri own, string host, int port) => own.Port == port && string.Equals(own.IdnHost, host, StringComparison.OrdinalIgnoreCase);

    private static IPEndPoint Address(Uri https)
    {
        var address = IPAddress.TryParse(https.Host.Trim('[', ']'), out var parsed) ? parsed : IPAddress.Loopback;
        var reachable = address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
        return new IPEndPoint(reachable, https.Port);
    }

    private sealed record Facts(string Authority, Uri Url, IPEndPoint Address, byte[] CertificateHash);
}
