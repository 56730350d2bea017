using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Testing.Certificates;

/// <summary>What a client certificate is made with; the defaults make a sound one.</summary>
public sealed record ClientWish
{
    public string Name { get; init; } = "client.bank.example";

    /// <summary>The extended usages; null: no such extension.</summary>
    public string[]? Usages { get; init; } = [ClientCertificates.ClientUsage];

    /// <summary>The key usage; null: no such extension.</summary>
    public X509KeyUsageFlags? KeyUsage { get; init; } = X509KeyUsageFlags.DigitalSignature;

    public TimeSpan From { get; init; } = TimeSpan.FromDays(-1);

    public TimeSpan To { get; init; } = TimeSpan.FromDays(90);
}

/// <summary>Self-signed client certificates of every kind of key, good ones and bad ones.</summary>
public static class ClientCertificates
{
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";

    public static X509Certificate2 EllipticCurve(DateTimeOffset now, ClientWish? wish = null, ECCurve? curve = null)
    {
        using var key = ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256);
        return Sign(new CertificateRequest(Subject(wish), key, HashAlgorithmName.SHA256), now, wish);
    }

    public static X509Certificate2 Rsa(DateTimeOffset now, ClientWish? wish = null, int bits = 2048)
    {
        using var key = RSA.Create(bits);
        return Sign(new CertificateRequest(Subject(wish), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), now, wish);
    }

    /// <summary>Signed with MD5 or SHA-1.</summary>
    public static X509Certificate2 Weak(DateTimeOffset now, HashAlgorithmName weak)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(Subject(null), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var bare = request.Create(request.SubjectName, new WeakSignature(key, weak), now.AddDays(-1), now.AddDays(90), [1]);
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>Of an RSA key of this size that nobody has: only its public half is made, which is quick.</summary>
    public static X509Certificate2 WithPublicKeyOf(DateTimeOffset now, int bits)
    {
        var modulus = RandomNumberGenerator.GetBytes(bits / 8);
        (modulus[0], modulus[^1]) = ((byte)(modulus[0] | 0x80), (byte)(modulus[^1] | 1));
        using var huge = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
        using var signer = RSA.Create(2048);
        var subject = new X500DistinguishedName(Subject(null));
        var request = new CertificateRequest(subject, new PublicKey(huge), HashAlgorithmName.SHA256);
        return request.Create(subject, X509SignatureGenerator.CreateForRSA(signer, RSASignaturePadding.Pkcs1), now.AddDays(-1), now.AddDays(90), [1]);
    }

    private static X509Certificate2 Sign(CertificateRequest request, DateTimeOffset now, ClientWish? wish)
    {
        wish ??= new ClientWish();
        if (wish.Usages is { } usages)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(usage => new Oid(usage))], critical: false));
        }

        if (wish.KeyUsage is { } keyUsage)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(keyUsage, critical: true));
        }

        return request.CreateSelfSigned(now + wish.From, now + wish.To);
    }

    private static string Subject(ClientWish? wish) => $"CN={(wish ?? new ClientWish()).Name}";
}
