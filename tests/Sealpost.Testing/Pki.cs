using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Testing;

/// <summary>A certificate authority made for one test, and the good and bad certificates it issues.</summary>
public sealed class Pki : IDisposable
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";
    private static readonly string[] LocalHosts = ["localhost", "127.0.0.1", "::1"];

    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly string _directory = Directory.CreateTempSubdirectory("sealpost-pki-").FullName;
    private readonly Lazy<string> _rootFile;

    /// <summary>A new root that nothing trusts yet.</summary>
    public Pki(string name = "Sealpost test root")
        : this(name, issuer: null)
    {
    }

    private Pki(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Authority = issuer is null
            ? request.CreateSelfSigned(_now.AddYears(-2), _now.AddYears(5))
            : Sign(request, issuer, _now.AddYears(-1), _now.AddYears(1)).CopyWithPrivateKey(key);
        _rootFile = new Lazy<string>(() => WritePem("root", Authority));
    }

    /// <summary>The authority's own certificate, with its key.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>A PEM file with the authority's certificate, as <c>Egress:TrustedRoots</c> wants it.</summary>
    public string RootFile => _rootFile.Value;

    /// <summary>An authority under this one; its certificate is not sent along by who uses what it issues.</summary>
    public Pki Intermediate(string name = "Sealpost test intermediate") => new(name, Authority);

    /// <summary>For a server with these names and addresses; without any: localhost, 127.0.0.1 and ::1.</summary>
    public X509Certificate2 Server(params string[] hosts) => Issue(hosts.Length == 0 ? LocalHosts : hosts);

    public X509Certificate2 Client(string name = "client") => Issue([name], usage: ClientUsage);

    /// <summary>A client's that is good for this long from now on.</summary>
    public X509Certificate2 ShortLivedClient(TimeSpan life) => Issue(
        ["short-lived"], usage: ClientUsage, toDays: (TimeProvider.System.GetUtcNow() + life - _now).TotalDays);

    public X509Certificate2 Expired() => Issue(LocalHosts, fromDays: -30, toDays: -1);

    public X509Certificate2 NotYetValid() => Issue(LocalHosts, fromDays: 1, toDays: 30);

    public X509Certificate2 WrongName() => Issue(["elsewhere.test"]);

    /// <summary>The name stands in the subject's CN alone.</summary>
    public X509Certificate2 WithoutSubjectAltName(string name = "localhost") => Issue([], commonName: name);

    /// <summary>A server's names, but the usage of a client.</summary>
    public X509Certificate2 WrongUsage() => Issue(LocalHosts, usage: ClientUsage);

    /// <summary>Says that its issuer (AIA) and its issuer's list of revoked ones (CRL) can be fetched from <paramref name="issuerUrl"/>.</summary>
    public X509Certificate2 WithIssuerUrl(Uri issuerUrl) => Issue(LocalHosts, issuerUrl: issuerUrl);

    /// <summary>A client's that says the same.</summary>
    public X509Certificate2 ClientWithIssuerUrl(Uri issuerUrl) => Issue(["client"], usage: ClientUsage, issuerUrl: issuerUrl);

    /// <summary>Writes certificates as PEM to a file of this PKI's directory, and gives its path.</summary>
    public string WritePem(string name, params X509Certificate2[] certificates)
    {
        var path = Path.Combine(_directory, name + ".pem");
        File.WriteAllLines(path, certificates.Select(certificate => certificate.ExportCertificatePem()));
        return path;
    }

    /// <summary>Writes a certificate's private key as PEM, and gives its path.</summary>
    public string WriteKeyPem(string name, X509Certificate2 certificate)
    {
        var path = Path.Combine(_directory, name + ".key");
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(path, key.ExportPkcs8PrivateKeyPem());
        return path;
    }

    public void Dispose()
    {
        Authority.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private X509Certificate2 Issue(
        string[] hosts,
        string? commonName = null,
        string usage = ServerUsage,
        int fromDays = -1,
        double toDays = 90,
        Uri? issuerUrl = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName ?? hosts[0]}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Authority, true, false));
        if (hosts.Length > 0)
        {
            request.CertificateExtensions.Add(Names(hosts));
        }

        if (issuerUrl is not null)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [issuerUrl.AbsoluteUri]));
            request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([issuerUrl.AbsoluteUri]));
        }

        using var signed = Sign(request, Authority, _now.AddDays(fromDays), _now.AddDays(toDays));
        using var withKey = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), password: null);
    }

    private static X509Extension Names(string[] hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return names.Build();
    }

    private static X509Certificate2 Sign(
        CertificateRequest request, X509Certificate2 issuer, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = issuer.GetECDsaPrivateKey()!;
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        return request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(key), from, to, serial);
    }
}
