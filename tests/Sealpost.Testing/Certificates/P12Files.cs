using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Testing.Certificates;

/// <summary>Builds p12 files, sound ones and those that only a test wants.</summary>
public sealed class P12Files
{
    public const string Password = "p12 password";

    private static readonly PbeParameters Pbe = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2048);

    private readonly Pkcs12SafeContents _keys = new();
    private readonly Pkcs12SafeContents _certificates = new();
    private byte _next;

    /// <summary>Parameters of the protection; default AES-256, SHA-256, 2,048 iterations.</summary>
    public PbeParameters Protection { get; init; } = Pbe;

    public int MacIterations { get; init; } = 2048;

    public bool HasMac { get; init; } = true;

    /// <summary>What the keys in it are encrypted with.</summary>
    public string KeyPassword { get; init; } = Password;

    /// <summary>A p12 with one certificate and its key.</summary>
    public static byte[] Of(X509Certificate2 certificate, params X509Certificate2[] chain)
    {
        var file = new P12Files();
        foreach (var other in chain)
        {
            file.Add(other);
        }

        return file.AddWithKey(certificate).Build();
    }

    /// <summary>A certificate together with its own key.</summary>
    public P12Files AddWithKey(X509Certificate2 certificate) => AddWithKey(certificate, KeyOf(certificate)!);

    /// <summary>A certificate, and beside it a key that the file says is its own.</summary>
    public P12Files AddWithKey(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        var id = new Pkcs9LocalKeyId([++_next]);
        _certificates.AddCertificate(certificate).Attributes.Add(id);
        _keys.AddShroudedKey(key, KeyPassword, Protection).Attributes.Add(id);
        return this;
    }

    public P12Files Add(X509Certificate2 certificate)
    {
        _certificates.AddCertificate(certificate);
        return this;
    }

    public P12Files AddKey(AsymmetricAlgorithm key)
    {
        _keys.AddShroudedKey(key, KeyPassword, Protection);
        return this;
    }

    /// <summary>A certificate, and its key encrypted in a way of the caller's own.</summary>
    public P12Files AddWithEncryptedKey(X509Certificate2 certificate, byte[] encryptedPkcs8)
    {
        var id = new Pkcs9LocalKeyId([++_next]);
        _certificates.AddCertificate(certificate).Attributes.Add(id);
        var key = new Pkcs12ShroudedKeyBag(encryptedPkcs8);
        key.Attributes.Add(id);
        _keys.AddSafeBag(key);
        return this;
    }

    public byte[] Build(string password = Password)
    {
        var builder = new Pkcs12Builder();
        builder.AddSafeContentsEncrypted(_certificates, password, Protection);
        builder.AddSafeContentsUnencrypted(_keys);
        if (HasMac)
        {
            builder.SealWithMac(password, HashAlgorithmName.SHA256, MacIterations);
        }
        else
        {
            builder.SealWithoutIntegrity();
        }

        return builder.Encode();
    }

    private static AsymmetricAlgorithm? KeyOf(X509Certificate2 certificate) =>
        (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetDSAPrivateKey();
}
