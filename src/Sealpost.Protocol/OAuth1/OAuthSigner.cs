using System.Globalization;

namespace Sealpost.Protocol.OAuth1;

/// <summary>Signs requests (RFC 5849 3.4 and 3.5.1). Pure: time and chance are given. Thread safe.</summary>
public static class OAuthSigner
{
    /// <summary>The value of <c>Authorization</c> for a request.</summary>
    /// <param name="request">What will be sent, exactly so.</param>
    /// <param name="key">What it is signed with.</param>
    /// <param name="method">How.</param>
    /// <param name="now">The time of the signature; the receiver takes it within five minutes.</param>
    /// <param name="nonce">Of this request alone: 1 to 128 characters that nobody guesses.</param>
    public static string Sign(SignedRequest request, OAuthKey key, SignatureMethod method, DateTimeOffset now, string nonce)
    {
        List<KeyValuePair<string, string>> parameters = [new("oauth_consumer_key", key.ConsumerKey)];
        if (key.Token is { } token)
        {
            parameters.Add(new("oauth_token", token));
        }

        parameters.Add(new("oauth_signature_method", method.ToWire()));
        parameters.Add(new("oauth_timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        parameters.Add(new("oauth_nonce", nonce));
        parameters.Add(new("oauth_version", "1.0"));
        parameters.Add(new("oauth_signature", key.Secrets.Sign(method, BaseString.Of(request, parameters))));
        return AuthorizationHeader.Write(parameters);
    }
}
