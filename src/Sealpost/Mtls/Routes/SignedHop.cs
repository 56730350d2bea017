using System.Security.Cryptography;
using Sealpost.Accounts.AppKeys;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.Mtls.Routes;

/// <summary>Signs our own requests to the MTLS service with the platform's app key (protocol 5 and 7).</summary>
internal sealed class SignedHop(AppKeyDirectory keys, TimeProvider time)
{
    private const int NonceBytes = 16;

    /// <summary>Adds <c>Authorization</c> to a request whose URL is final.</summary>
    public void Sign(HttpRequestMessage request)
    {
        var url = request.RequestUri!;
        var signed = new SignedRequest
        {
            Method = request.Method.Method,
            Scheme = url.Scheme,
            Host = url.Authority,
            Target = url.PathAndQuery,
        };
        var nonce = RandomNumberGenerator.GetHexString(NonceBytes * 2, lowercase: true);
        request.Headers.TryAddWithoutValidation(
            "Authorization", OAuthSigner.Sign(signed, keys.Platform.OAuth, SignatureMethod.HmacSha1, time.GetUtcNow(), nonce));
    }
}
