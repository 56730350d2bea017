using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Vault;

namespace Sealpost.Cli.Demo;

/// <summary>A client certificate as a customer issues it to the platform: a p12 with its password, and what the customer's server trusts.</summary>
/// <param name="P12">The file.</param>
/// <param name="Password">Its password.</param>
/// <param name="Trusted">The certificate alone: it is its own root.</param>
internal sealed record DemoCertificate(byte[] P12, Secret Password, X509Certificate2 Trusted)
{
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";
    private const int PasswordLength = 24;

    public static DemoCertificate Issue(string name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientUsage)], critical: false));
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(90));
        var password = RandomNumberGenerator.GetHexString(PasswordLength);
        return new DemoCertificate(
            certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password),
            new Secret(password),
            X509CertificateLoader.LoadCertificate(certificate.RawData));
    }
}
