using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Vault;

/// <summary>
/// What a certificate needs to be presented: the certificate, its private key, and the intermediates to send along. Not the p12 it
/// came in nor that file's password: neither is needed again, so neither is kept. Immutable.
/// </summary>
/// <param name="certificate">The certificate in DER.</param>
/// <param name="privateKey">Its key as PKCS#8 in DER, unencrypted.</param>
/// <param name="chain">The intermediates in DER, each the issuer of the one before.</param>
internal sealed class KeyMaterial(ReadOnlyMemory<byte> certificate, Secret privateKey, IReadOnlyList<ReadOnlyMemory<byte>> chain) : IEquatable<KeyMaterial>
{
    public ReadOnlyMemory<byte> Certificate { get; } = certificate;

    public Secret PrivateKey { get; } = privateKey;

    public IReadOnlyList<ReadOnlyMemory<byte>> Chain { get; } = chain;

    /// <summary>The certificate with its key in memory, to be disposed of by the caller.</summary>
    /// <exception cref="CryptographicException">Certificate and key are not a pair, or one of them is not what it should be.</exception>
    public X509Certificate2 Load()
    {
        using var bare = X509CertificateLoader.LoadCertificate(Certificate.Span);
        return bare.PublicKey.Oid.Value switch
        {
            KeyKinds.Rsa => WithRsaKey(bare),
            KeyKinds.EllipticCurve => WithEllipticCurveKey(bare),
            var other => throw new CryptographicException($"a key of kind {other} is not one that this program uses"),
        };
    }

    /// <summary>The intermediates, to be disposed of by the caller.</summary>
    /// <exception cref="CryptographicException">One of them is not a certificate.</exception>
    public X509Certificate2Collection LoadChain() => [.. Chain.Select(der => X509CertificateLoader.LoadCertificate(der.Span))];

    public bool Equals(KeyMaterial? other) =>
        other is not null
        && Certificate.Span.SequenceEqual(other.Certificate.Span)
        && PrivateKey.Equals(other.PrivateKey)
        && Chain.Count == other.Chain.Count
        && Chain.Zip(other.Chain).All(pair => pair.First.Span.SequenceEqual(pair.Second.Span));

    public override bool Equals(object? obj) => Equals(obj as KeyMaterial);

    public override int GetHashCode() => HashCode.Combine(Certificate.Length, Chain.Count);

    private X509Certificate2 WithRsaKey(X509Certificate2 bare)
    {
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(PrivateKey.Utf8, out _);
        return Pair(() => bare.CopyWithPrivateKey(key));
    }

    private X509Certificate2 WithEllipticCurveKey(X509Certificate2 bare)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(PrivateKey.Utf8, out _);
        return Pair(() => bare.CopyWithPrivateKey(key));
    }

    // The platform says with ArgumentException that the two are no pair.
    private static X509Certificate2 Pair(Func<X509Certificate2> join)
    {
        try
        {
            return join();
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException("the private key does not belong to the certificate", e);
        }
    }
}
