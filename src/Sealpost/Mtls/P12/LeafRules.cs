using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sealpost.Vault;

namespace Sealpost.Mtls.P12;

/// <summary>What a client certificate must be (security, S9): the platform itself would present an expired one or a server's. Pure.</summary>
internal static class LeafRules
{
    public const int LeastRsaBits = 2048;

    /// <summary>Each handshake signs with it; beyond this that is a burden for all others.</summary>
    public const int MostRsaBits = 8192;

    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";
    private const string AnyUsage = "2.5.29.37.0";

    // RFC 8446 4.2.3 names these curves.
    private static readonly HashSet<string> Curves = new(StringComparer.Ordinal) { "1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35" };

    private static readonly Dictionary<string, string> BrokenSignatures = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.4"] = "MD5",
        ["1.2.840.113549.1.1.5"] = "SHA-1",
        ["1.2.840.10045.4.1"] = "SHA-1",
        ["1.2.840.10040.4.3"] = "SHA-1",
    };

    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    /// <summary>Why the certificate is not taken; null: it is.</summary>
    public static P12Reading? Refuse(X509Certificate2 leaf, DateTimeOffset now) =>
        Dates(leaf, now) ?? Key(leaf) ?? Signature(leaf) ?? Usage(leaf);

    public static IReadOnlyList<string> Warnings(X509Certificate2 leaf, DateTimeOffset now) => leaf.NotAfter.ToUniversalTime() - now.UtcDateTime <= Soon
        ? [$"The certificate expires soon, on {Day(leaf.NotAfter)}."]
        : [];

    /// <summary>A kind of key by its name.</summary>
    public static string KindOf(string oid) => oid switch
    {
        "1.2.840.10040.4.1" => "DSA",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "1.2.840.113549.1.1.10" => "RSASSA-PSS",
        _ => oid,
    };

    private static P12Reading? Dates(X509Certificate2 leaf, DateTimeOffset now) =>
        now.UtcDateTime >= leaf.NotAfter.ToUniversalTime() ? P12Reading.Refused(P12Refusal.Expired, $", on {Day(leaf.NotAfter)}")
        : now.UtcDateTime < leaf.NotBefore.ToUniversalTime() ? P12Reading.Refused(P12Refusal.NotYetValid, $", but from {Day(leaf.NotBefore)}")
        : null;

    private static P12Reading? Key(X509Certificate2 leaf) => leaf.PublicKey.Oid.Value switch
    {
        KeyKinds.Rsa => RsaKey(leaf),
        KeyKinds.EllipticCurve => EllipticCurveKey(leaf),
        var kind => P12Reading.Refused(P12Refusal.UnsupportedKey, $" ({KindOf(kind ?? "unknown")})"),
    };

    private static P12Reading? RsaKey(X509Certificate2 leaf)
    {
        using var key = leaf.GetRSAPublicKey()!;
        return key.KeySize switch
        {
            < LeastRsaBits => P12Reading.Refused(P12Refusal.WeakKey, Bits(key)),
            > MostRsaBits => P12Reading.Refused(P12Refusal.HugeKey, Bits(key)),
            _ => null,
        };
    }

    private static P12Reading? EllipticCurveKey(X509Certificate2 leaf)
    {
        using var key = leaf.GetECDsaPublicKey();
        var curve = key?.ExportParameters(includePrivateParameters: false).Curve;
        return curve is { IsNamed: true } named && Curves.Contains(named.Oid.Value ?? "")
            ? null
            : P12Reading.Refused(P12Refusal.UnsupportedCurve, curve is { IsNamed: true } other ? $" ({other.Oid.FriendlyName ?? other.Oid.Value})" : "");
    }

    private static P12Reading? Signature(X509Certificate2 leaf) => BrokenSignatures.TryGetValue(leaf.SignatureAlgorithm.Value ?? "", out var name)
        ? P12Reading.Refused(P12Refusal.WeakSignature, $" ({name})")
        : null;

    // Absent extensions restrict nothing (RFC 5280 4.2.1.3, 4.2.1.12).
    private static P12Reading? Usage(X509Certificate2 leaf)
    {
        if (leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } extended
            && !extended.EnhancedKeyUsages.OfType<Oid>().Any(usage => usage.Value is ClientUsage or AnyUsage))
        {
            var usages = extended.EnhancedKeyUsages.OfType<Oid>().Select(usage => usage.FriendlyName ?? usage.Value);
            return P12Reading.Refused(P12Refusal.WrongUsage, $", but for: {string.Join(", ", usages)}");
        }

        return leaf.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } key && !key.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature)
            ? P12Reading.Refused(P12Refusal.WrongUsage, ": its key usage lacks digitalSignature")
            : null;
    }

    private static string Bits(RSA key) => string.Create(CultureInfo.InvariantCulture, $" ({key.KeySize})");

    private static string Day(DateTime date) => date.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
