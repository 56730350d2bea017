using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Hosting.Lifetime;
using Sealpost.Vault;

namespace Sealpost.Hosting.Certificates;

/// <summary>
/// A certificate authority of this data directory (<c>tls/ca.pem</c>) and the server certificate it signed
/// (<c>tls/server.pem</c>), for use where no certificate is configured. Made at the first start; either is made anew with
/// fewer than 30 days left, the server's also at a start when it lacks a name.
/// </summary>
internal sealed class DevelopmentCertificates(string folder, TimeProvider time)
{
    /// <summary>With less than this left a certificate is made anew.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);

    // Below the 398 days that browsers accept.
    private static readonly TimeSpan ServerLife = TimeSpan.FromDays(365);

    public string AuthorityPath => Path.Combine(folder, "ca.pem");

    public string ServerPath => Path.Combine(folder, "server.pem");

    public string ServerKeyPath => Path.Combine(folder, "server.key");

    private string AuthorityKeyPath => Path.Combine(folder, "ca.key");

    /// <summary>Makes what is missing. The names are localhost, the loopback addresses, this host and <paramref name="bind"/>.</summary>
    /// <exception cref="StartException">The authority's files are there and cannot be used.</exception>
    /// <exception cref="VaultException">A key cannot be written.</exception>
    public void Ensure(IPAddress bind)
    {
        DataDirectory.CreateFolder(folder);
        using var authority = Authority();
        string[] hosts = ["localhost", Dns.GetHostName().ToLowerInvariant()];
        IPAddress[] addresses = [.. new[] { IPAddress.Loopback, IPAddress.IPv6Loopback, bind }.Distinct()];
        if (!Serves(authority, [.. hosts, .. addresses.Select(address => address.ToString())]))
        {
            Write(IssueServer(authority, hosts, addresses), ServerPath, ServerKeyPath);
        }
    }

    private X509Certificate2 Authority()
    {
        if (File.Exists(AuthorityPath) || File.Exists(AuthorityKeyPath))
        {
            var present = PemPair.Load(AuthorityPath, AuthorityKeyPath, out var error)
                ?? throw new StartException($"{AuthorityPath}: {error}; remove it and {AuthorityKeyPath} to have new ones made");
            if (IsFresh(present))
            {
                return present;
            }

            present.Dispose();
        }

        var made = CreateAuthority();
        Write(made, AuthorityPath, AuthorityKeyPath);
        return made;
    }

    private bool Serves(X509Certificate2 authority, IEnumerable<string> names)
    {
        using var server = PemPair.Load(ServerPath, ServerKeyPath, out _);
        return server is not null
            && IsFresh(server)
            && IssuedBy(authority, server)
            && names.All(name => server.MatchesHostname(name, allowWildcards: false, allowCommonName: false));
    }

    private bool IsFresh(X509Certificate2 certificate) => certificate.NotAfter.ToUniversalTime() - RenewBefore > time.GetUtcNow().UtcDateTime;

    private X509Certificate2 CreateAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Sealpost development CA {Convert.ToHexString(Serial(4))}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        return request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + AuthorityLife);
    }

    private X509Certificate2 IssueServer(X509Certificate2 authority, IEnumerable<string> hosts, IEnumerable<IPAddress> addresses)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sealpost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        hosts.ToList().ForEach(names.AddDnsName);
        addresses.ToList().ForEach(names.AddIpAddress);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var now = time.GetUtcNow();
        var authorityEnd = new DateTimeOffset(authority.NotAfter);
        var end = now + ServerLife < authorityEnd ? now + ServerLife : authorityEnd;
        using var signed = request.Create(authority, now - TimeSpan.FromDays(1), end, Serial(16));
        return signed.CopyWithPrivateKey(key);
    }

    private static bool IssuedBy(X509Certificate2 authority, X509Certificate2 server)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(server);
    }

    private static byte[] Serial(int bytes)
    {
        var serial = RandomNumberGenerator.GetBytes(bytes);
        serial[0] &= 0x7f;
        return serial;
    }

    // A crash between the two leaves a pair that does not match: the server's is then made anew, the authority's is reported.
    private static void Write(X509Certificate2 pair, string certificate, string key)
    {
        File.Delete(key);
        PrivateFile.Create(key, new Secret(pair.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));
        File.WriteAllText(certificate, pair.ExportCertificatePem() + "\n");
    }
}
