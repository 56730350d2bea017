using System.Security.Cryptography;
using System.Text;

namespace Sealpost.Testing.Journal;

/// <summary>
/// Verifies <c>x-liveperson-signature: sha1=…</c> by the framework's HMAC (protocol 3). On purpose not the product's own
/// code: a mistake that signer and verifier share would go unseen. Thread safe.
/// </summary>
public sealed class SignatureCheck(string secret)
{
    private const string Prefix = "sha1=";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    public bool Accepts(string? header, ReadOnlySpan<byte> body)
    {
        Span<byte> given = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(_key, body, expected);
        return header is not null
            && header.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64Chars(header.AsSpan(Prefix.Length), given, out var length)
            && length == given.Length
            && given.SequenceEqual(expected);
    }
}
