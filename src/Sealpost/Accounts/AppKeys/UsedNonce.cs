using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.Accounts.AppKeys;

/// <summary>
/// A nonce as it is remembered: one of a consumer key, a token and a timestamp (RFC 5849 3.3). Names and nonce are a digest, so
/// that a row has one size, whatever the caller chose.
/// </summary>
/// <param name="SignedAt">The request's timestamp: seconds since 1970 in UTC.</param>
/// <param name="Digest">SHA-256 of the rest, as decoded: <c>%61</c> and <c>a</c> are one nonce.</param>
internal readonly record struct UsedNonce(long SignedAt, byte[] Digest)
{
    public static UsedNonce Of(OAuthParameters request) => new(
        request.Timestamp,
        SHA256.HashData(Encoding.UTF8.GetBytes(Sized(request.ConsumerKey) + Sized(request.Token ?? "") + request.Nonce)));

    // With its length before it no name runs into the next.
    private static string Sized(string name) => string.Create(CultureInfo.InvariantCulture, $"{name.Length}:{name}");
}
