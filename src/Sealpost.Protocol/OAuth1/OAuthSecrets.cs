using System.Security.Cryptography;
using System.Text;

namespace Sealpost.Protocol.OAuth1;

/// <summary>
/// The two secrets of an app key, as the key of its HMAC (RFC 5849 3.4.2). It signs; it never shows them. Thread safe.
/// </summary>
public sealed class OAuthSecrets
{
    // As long as the secrets that keys are made with: signing with these costs what signing with real ones costs.
    private static readonly string Filler = new('-', 49);

    private readonly byte[] _key;

    /// <param name="consumerSecret">The key's secret in UTF-8.</param>
    /// <param name="tokenSecret">The token's secret in UTF-8; empty where there is no token.</param>
    public OAuthSecrets(ReadOnlySpan<byte> consumerSecret, ReadOnlySpan<byte> tokenSecret) =>
        _key = Encoding.ASCII.GetBytes($"{PercentCode.Encode(consumerSecret)}&{PercentCode.Encode(tokenSecret)}");

    /// <summary>Those of nobody, to judge a request by whose key is not known.</summary>
    internal static OAuthSecrets Nobody { get; } = new(Encoding.ASCII.GetBytes(Filler), Encoding.ASCII.GetBytes(Filler));

    public override string ToString() => "***";

    /// <summary>The signature of a base string, in base64.</summary>
    internal string Sign(SignatureMethod method, string baseString)
    {
        var text = Encoding.UTF8.GetBytes(baseString);
        return Convert.ToBase64String(method switch
        {
            SignatureMethod.HmacSha1 => HMACSHA1.HashData(_key, text),
            SignatureMethod.HmacSha256 => HMACSHA256.HashData(_key, text),
        });
    }

    /// <summary>Whether a signature is this base string's; in constant time for signatures of the right length.</summary>
    internal bool Matches(string signature, SignatureMethod method, string baseString) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(Sign(method, baseString)), Encoding.UTF8.GetBytes(signature));
}

/// <summary>What a request is signed with.</summary>
/// <param name="ConsumerKey">The key's public name.</param>
/// <param name="Token">The token's public name; null: requests are signed without a token.</param>
/// <param name="Secrets">The secrets of both.</param>
public sealed record OAuthKey(string ConsumerKey, string? Token, OAuthSecrets Secrets);
