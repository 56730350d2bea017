using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sealpost.Protocol.Signing;

/// <summary>
/// The value of <c>x-liveperson-signature</c>: <c>sha1=</c> or <c>sha256=</c> and the HMAC of the body's bytes under the client
/// secret's UTF-8 bytes, in base64 or hexadecimal (protocol 3). Senders and receivers share this code. Thread safe.
/// </summary>
public static class NotificationSignature
{
    private const int MaxHashBytes = SHA256.HashSizeInBytes;

    // "sha256=" and 64 hexadecimal digits.
    private const int MaxLength = 71;

    /// <summary>Signs <paramref name="body"/>; allocates the answer alone.</summary>
    public static string Sign(SignatureScheme scheme, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[MaxHashBytes];
        hash = hash[..Hash(scheme.Algorithm, secret, body, hash)];

        Span<char> header = stackalloc char[MaxLength];
        var prefix = Prefix(scheme.Algorithm);
        prefix.CopyTo(header);
        return new string(header[..(prefix.Length + Encode(hash, scheme.Encoding, header[prefix.Length..]))]);
    }

    /// <summary>
    /// Whether <paramref name="headerValue"/> is a signature of <paramref name="body"/>, in either algorithm and either
    /// encoding, told apart by their shape. Compares in constant time; anything else is false, never an exception.
    /// </summary>
    public static bool Verify(ReadOnlySpan<char> headerValue, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body)
    {
        if (AlgorithmOf(headerValue) is not { } algorithm)
            return false;
        Span<byte> claimed = stackalloc byte[MaxHashBytes];
        if (!TryDecode(headerValue[Prefix(algorithm).Length..], claimed, out var claimedLength))
            return false;
        Span<byte> hash = stackalloc byte[MaxHashBytes];
        hash = hash[..Hash(algorithm, secret, body, hash)];
        return CryptographicOperations.FixedTimeEquals(hash, claimed[..claimedLength]);
    }

    private static string Prefix(SignatureAlgorithm algorithm) => algorithm == SignatureAlgorithm.Sha256 ? "sha256=" : "sha1=";

    private static SignatureAlgorithm? AlgorithmOf(ReadOnlySpan<char> header)
    {
        if (header.StartsWith(Prefix(SignatureAlgorithm.Sha1), StringComparison.Ordinal))
            return SignatureAlgorithm.Sha1;
        return header.StartsWith(Prefix(SignatureAlgorithm.Sha256), StringComparison.Ordinal) ? SignatureAlgorithm.Sha256 : null;
    }

    private static int Hash(SignatureAlgorithm algorithm, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body, Span<byte> hash) =>
        algorithm == SignatureAlgorithm.Sha256
            ? HMACSHA256.HashData(secret, body, hash)
            : HMACSHA1.HashData(secret, body, hash);

    private static int Encode(ReadOnlySpan<byte> hash, SignatureEncoding encoding, Span<char> text)
    {
        if (encoding == SignatureEncoding.Hex)
            return Convert.TryToHexStringLower(hash, text, out var digits) ? digits : 0;
        return Convert.TryToBase64Chars(hash, text, out var length) ? length : 0;
    }

    // Hexadecimal is twice as long as the hash; base64 of 20 or 32 bytes never is, and ends in '='.
    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> hash, out int length)
    {
        length = 0;
        Span<byte> ascii = stackalloc byte[MaxLength];
        if (text.Length > MaxLength || Ascii.FromUtf16(text, ascii, out var count) != OperationStatus.Done)
            return false;
        ascii = ascii[..count];
        if (!ascii.EndsWith("="u8))
            return Convert.FromHexString(text, hash, out _, out length) == OperationStatus.Done;
        // The framework's decoder skips blanks; a signature has none.
        return Base64.DecodeFromUtf8(ascii, hash, out _, out length) == OperationStatus.Done
            && Base64.GetMaxEncodedToUtf8Length(length) == ascii.Length;
    }
}
