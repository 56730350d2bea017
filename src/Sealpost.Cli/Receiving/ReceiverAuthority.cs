using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Cli.Receiving;

/// <summary>
/// The receiver's own certificate authority, kept in a folder: <c>ca.pem</c> for <c>--trust</c>, and its key, readable by
/// its owner only. It is made once and used again, so that a service which trusts it goes on to; server certificates
/// are made at each start and live in memory.
/// </summary>
internal sealed class ReceiverAuthority
{
    private static readonly TimeSpan CaLifetime = TimeSpan.FromDays(5 * 365);
    private static readonly TimeSpan ServerLifetime = TimeSpan.FromDays(30);

    // A clock that is a little behind must accept the certificate too.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromDays(1);

    private readonly X509Certificate2 _ca;
    private readonly DateTimeOffset _now;

    private ReceiverAuthority(X509Certificate2 ca, string caFile, DateTimeOffset now)
    {
        _ca = ca;
        CaFile = caFile;
        _now = now;
    }

    /// <summary>The same folder for every <c>listen</c> of a user: a service that trusts it once trusts it always.</summary>
    public static string DefaultFolder
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            return Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), "sealpost", "listen");
        }
    }

    /// <summary>The PEM file to trust.</summary>
    public string CaFile { get; }

    public static ReceiverAuthority Open(string folder, DateTimeOffset now)
    {
        CreatePrivate(folder);
        var certificate = Path.GetFullPath(Path.Combine(folder, "ca.pem"));
        var key = Path.Combine(folder, "ca.key");
        if (File.Exists(certificate) && File.Exists(key))
        {
            var present = X509Certificate2.CreateFromPemFile(certificate, key);
            if ((now + ServerLifetime).UtcDateTime < present.NotAfter.ToUniversalTime())
            {
                return new ReceiverAuthority(present, certificate, now);
            }
        }

        var made = Make(now);
        using (var ecdsa = made.GetECDsaPrivateKey()!)
        {
            SecretFile.Write(key, new Vault.Secret(ecdsa.ExportPkcs8PrivateKeyPem()));
        }

        File.WriteAllText(certificate, made.ExportCertificatePem() + "\n");
        return new ReceiverAuthority(made, certificate, now);
    }

    /// <summary>A certificate for this machine's loopback names.</summary>
    public X509Certificate2 ServerCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_ca, true, false));
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        using var certificate = request.Create(_ca, _now - ClockSlack, _now + ServerLifetime - ClockSlack, serial);
        return certificate.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Sealpost local receiver CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - ClockSlack, now + CaLifetime);
    }

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
