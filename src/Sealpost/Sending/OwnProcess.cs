using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Sending;

/// <summary>
/// This process as a server, for calls that it makes to itself: they go to where it listens, whatever name and terminator the outside
/// reaches it by, and its own certificate is known without a chain. Set once, before anything calls.
/// </summary>
internal sealed class OwnProcess
{
    private volatile Facts? _facts;

    /// <summary>How the outside reaches it: <c>host[:port]</c>, as the Domain API answers. Empty before it listens.</summary>
    public string Authority => _facts?.Authority ?? "";

    public void Listens(string authority, Uri https, X509Certificate2 certificate) =>
        _facts = new Facts(authority, Address(https), certificate.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256));

    /// <summary>Where it listens, when <paramref name="target"/> is this process; else null.</summary>
    public IPEndPoint? AddressOf(DnsEndPoint target) =>
        _facts is { } facts && IsAuthority(facts.Authority, target) ? facts.Address : null;

    /// <summary>Whether a peer has shown this process's own certificate.</summary>
    public bool IsOwn(X509Certificate2? presented) => presented is not null && _facts is { } facts
        && presented.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256).AsSpan().SequenceEqual(facts.CertificateHash);

    // No port in the authority is the scheme's own.
    private static bool IsAuthority(string authority, DnsEndPoint target) => Uri.TryCreate("https://" + authority, UriKind.Absolute, out var own)
        && own.Port == target.Port
        && string.Equals(own.IdnHost, target.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase);

    private static IPEndPoint Address(Uri https)
    {
        var address = IPAddress.TryParse(https.Host.Trim('[', ']'), out var parsed) ? parsed : IPAddress.Loopback;
        var reachable = address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
        return new IPEndPoint(reachable, https.Port);
    }

    private sealed record Facts(string Authority, IPEndPoint Address, byte[] CertificateHash);
}
