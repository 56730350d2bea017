using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Vault;

namespace Sealpost.Mtls.P12;

/// <summary>
/// Reads an uploaded p12 (security, S7 to S9): (1) its size, (2) opened within limits, so that no file costs more than a second,
/// (3) the only key and its certificate, wherever they stand, (4) the certificate's rules, (5) its intermediates in their order.
/// Pure: nothing is fetched, nothing touches a file.
/// </summary>
internal static class P12Reader
{
    public const int MaxBytes = 128 * 1024;
    public const int MaxCertificates = 10;

    /// <summary>Twice what the platform allows by itself: OWASP's figure for SHA-256 is in real files.</summary>
    public const int MaxIterations = 600_000;

    // ERROR_INVALID_PASSWORD, which the platform gives on every system.
    private const int InvalidPassword = unchecked((int)0x80070056);

    /// <param name="p12">The file.</param>
    /// <param name="password">Its password; null and empty are the same.</param>
    /// <param name="now">Against this the certificate's dates are judged.</param>
    public static P12Reading Read(ReadOnlyMemory<byte> p12, Secret? password, DateTimeOffset now)
    {
        if (p12.Length > MaxBytes)
        {
            return P12Reading.Refused(P12Refusal.TooLarge);
        }

        var text = password?.Reveal() ?? "";
        var (certificates, refusal) = Open(p12, text);
        try
        {
            return refusal ?? Read(certificates, p12, text, now);
        }
        finally
        {
            certificates.ForEach(certificate => certificate.Dispose());
        }
    }

    private static (List<X509Certificate2> Certificates, P12Reading? Refusal) Open(ReadOnlyMemory<byte> p12, string password) =>
        Load(p12, password, Limits()) switch
        {
            (var certificates, null) => (certificates, null),
            (_, Pkcs12LoadLimitExceededException limit) => ([], P12Reading.Refused(Exceeded(limit))),
            (_, { HResult: InvalidPassword }) => ([], P12Reading.Refused(P12Refusal.WrongPassword)),
            _ => ([], WhyNot(p12, password)),
        };

    private static (List<X509Certificate2> Certificates, CryptographicException? Failure) Load(ReadOnlyMemory<byte> p12, string password, Pkcs12LoaderLimits limits)
    {
        try
        {
            // In memory alone: no key file, however short-lived.
            return ([.. X509CertificateLoader.LoadPkcs12Collection(p12.Span, password, X509KeyStorageFlags.EphemeralKeySet | X509KeyStorageFlags.Exportable, limits)], null);
        }
        catch (CryptographicException e)
        {
            return ([], e);
        }
    }

    private static Pkcs12LoaderLimits Limits(bool ignoreKeys = false, int keys = 1) => new()
    {
        MacIterationLimit = MaxIterations,
        IndividualKdfIterationLimit = MaxIterations,
        TotalKdfIterationLimit = 3 * MaxIterations,
        MaxCertificates = MaxCertificates,
        MaxKeys = keys,
        IgnorePrivateKeys = ignoreKeys,
    };

    // The platform names the limit in its words alone.
    private static P12Refusal Exceeded(Pkcs12LoadLimitExceededException limit) =>
        limit.Message.Contains(nameof(Pkcs12LoaderLimits.MaxKeys), StringComparison.Ordinal) ? P12Refusal.SeveralKeys
        : limit.Message.Contains(nameof(Pkcs12LoaderLimits.MaxCertificates), StringComparison.Ordinal) ? P12Refusal.TooManyCertificates
        : P12Refusal.TooManyIterations;

    // A key that no certificate belongs to is not given out by the loader, but counted by it.
    private static bool HoldsKey(ReadOnlyMemory<byte> p12, string password)
    {
        var (certificates, failure) = Load(p12, password, Limits(keys: 0));
        certificates.ForEach(certificate => certificate.Dispose());
        return failure is Pkcs12LoadLimitExceededException;
    }

    // The loader says no more than that it could not: without the keys it tells more.
    private static P12Reading WhyNot(ReadOnlyMemory<byte> p12, string password)
    {
        if (p12.Span.IndexOf("-----BEGIN "u8) >= 0)
        {
            return P12Reading.Refused(P12Refusal.NoP12, ": it is PEM text; openssl pkcs12 -export makes a p12 of it");
        }

        var (certificates, _) = Load(p12, password, Limits(ignoreKeys: true));
        var kind = certificates.Select(certificate => certificate.PublicKey.Oid.Value).FirstOrDefault(oid => oid is not (KeyKinds.Rsa or KeyKinds.EllipticCurve));
        certificates.ForEach(certificate => certificate.Dispose());
        return kind is not null ? P12Reading.Refused(P12Refusal.UnsupportedKey, $" ({LeafRules.KindOf(kind)})")
            : IsPkcs12(p12) ? P12Reading.Refused(P12Refusal.UnsupportedEncryption)
            : P12Reading.Refused(P12Refusal.NoP12);
    }

    // PFX ::= SEQUENCE { version INTEGER {v3(3)}, … } (RFC 7292 4).
    private static bool IsPkcs12(ReadOnlyMemory<byte> p12)
    {
        try
        {
            var pfx = new AsnReader(p12, AsnEncodingRules.BER).ReadSequence();
            return pfx.TryReadInt32(out var version) && version == 3 && pfx.HasData;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static P12Reading Read(List<X509Certificate2> certificates, ReadOnlyMemory<byte> p12, string password, DateTimeOffset now)
    {
        var leaf = certificates.Find(certificate => certificate.HasPrivateKey);
        if (leaf is null)
        {
            return P12Reading.Refused(HoldsKey(p12, password) ? P12Refusal.KeyWithoutCertificate : P12Refusal.NoKey);
        }

        if (LeafRules.Refuse(leaf, now) is { } refusal)
        {
            return refusal;
        }

        var material = new KeyMaterial(leaf.RawData, PrivateKey(leaf), [.. IssuerChain.Of(leaf, certificates).Select(certificate => (ReadOnlyMemory<byte>)certificate.RawData)]);
        return IsPair(material)
            ? P12Reading.Taken(material, new DateTimeOffset(leaf.NotAfter.ToUniversalTime()), LeafRules.Warnings(leaf, now))
            : P12Reading.Refused(P12Refusal.KeyMismatch);
    }

    private static Secret PrivateKey(X509Certificate2 leaf)
    {
        using AsymmetricAlgorithm? key = (AsymmetricAlgorithm?)leaf.GetRSAPrivateKey() ?? leaf.GetECDsaPrivateKey();
        var pkcs8 = key!.ExportPkcs8PrivateKey();
        try
        {
            return new Secret(pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static bool IsPair(KeyMaterial material)
    {
        try
        {
            using var loaded = material.Load();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
