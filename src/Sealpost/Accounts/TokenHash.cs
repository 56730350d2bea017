using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Sealpost.Vault;

namespace Sealpost.Accounts;

/// <summary>
/// SHA-256 of a token: all that is kept of it. A fast hash is right for 256 random bits, and comparing hashes tells a guesser
/// nothing about the token.
/// </summary>
public readonly record struct TokenHash
{
    /// <summary>Longer texts are no tokens of ours and are not hashed.</summary>
    private const int MaxChars = 512;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    private TokenHash(ReadOnlySpan<byte> hash)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(hash);
        (_a, _b, _c, _d) = (words[0], words[1], words[2], words[3]);
    }

    public static TokenHash Of(Secret token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(token.Utf8, hash);
        return new TokenHash(hash);
    }

    /// <summary>False when the text is too long to be a token. Allocates nothing.</summary>
    public static bool TryOf(ReadOnlySpan<char> token, out TokenHash hash)
    {
        hash = default;
        if (token.Length is 0 or > MaxChars)
        {
            return false;
        }

        Span<byte> utf8 = stackalloc byte[MaxChars * 3];
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(token, utf8)], bytes);
        hash = new TokenHash(bytes);
        return true;
    }

    public static TokenHash FromBytes(ReadOnlySpan<byte> hash) =>
        hash.Length == SHA256.HashSizeInBytes ? new TokenHash(hash) : throw new ArgumentException("not a SHA-256", nameof(hash));

    public byte[] ToBytes() => MemoryMarshal.AsBytes<ulong>([_a, _b, _c, _d]).ToArray();

    // Already uniform: hashing it again would only cost time.
    public override int GetHashCode() => (int)_a;
}
