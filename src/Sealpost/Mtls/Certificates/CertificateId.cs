using System.Globalization;
using System.Security.Cryptography;

namespace Sealpost.Mtls.Certificates;

/// <summary>A certificate's number, as it stands in answers, paths and mappings. By chance, so that a restored store never meets the number of another in the vault.</summary>
internal readonly record struct CertificateId(long Value)
{
    /// <summary>What a number of a JavaScript client still holds exactly.</summary>
    private const int Bits = 53;

    public static CertificateId New()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(bytes);
        return new CertificateId((BitConverter.ToInt64(bytes) & ((1L << Bits) - 1)) | 1L << 40);
    }

    /// <summary>False when the text is no number that a certificate can have.</summary>
    public static bool TryParse(string? text, out CertificateId id)
    {
        var ok = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0;
        id = ok ? new CertificateId(value) : default;
        return ok;
    }

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
