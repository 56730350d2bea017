using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Vault;

namespace Sealpost.Testing.Certificates;

/// <summary>Key material as a vault keeps it, made for one test.</summary>
internal static class TestMaterial
{
    /// <summary>A client's certificate of an elliptic curve, with its issuer as the chain.</summary>
    public static KeyMaterial New(string name = "client")
    {
        using var pki = new Pki();
        using var certificate = pki.Client(name);
        using var key = certificate.GetECDsaPrivateKey()!;
        return new KeyMaterial(certificate.RawData, new Secret(key.ExportPkcs8PrivateKey()), [pki.Authority.RawData]);
    }

    /// <summary>A self-signed certificate with an RSA key, without a chain.</summary>
    public static KeyMaterial NewRsa()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=rsa", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(90));
        return new KeyMaterial(certificate.RawData, new Secret(key.ExportPkcs8PrivateKey()), []);
    }
}
