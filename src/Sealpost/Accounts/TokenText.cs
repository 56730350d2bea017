using System.Buffers.Text;
using System.Security.Cryptography;
using Sealpost.Vault;

namespace Sealpost.Accounts;

/// <summary>
/// How tokens are written: a prefix, so that people and secret scanners know what they found, and 256 random bits in base64url.
/// </summary>
internal static class TokenText
{
    private const int Bytes = 32;
    private const int IdBytes = 8;

    public static Secret NewAccountToken() => New("spacc_");

    public static Secret NewBearer() => New("spbrr_");

    /// <summary>A new public id of a token; it is not secret and says nothing about the token.</summary>
    public static string NewId() => "tok_" + RandomNumberGenerator.GetHexString(IdBytes * 2, lowercase: true);

    private static Secret New(string prefix) => new(prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));
}
