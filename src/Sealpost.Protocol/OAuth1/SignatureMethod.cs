namespace Sealpost.Protocol.OAuth1;

/// <summary>How a request is signed. PLAINTEXT and RSA-SHA1 of the RFC are not taken (security: no downgrade).</summary>
public enum SignatureMethod
{
    /// <summary><c>HMAC-SHA1</c>, RFC 5849 3.4.2.</summary>
    HmacSha1,

    /// <summary><c>HMAC-SHA256</c>, the same with the longer hash (protocol 7).</summary>
    HmacSha256,
}

/// <summary>The methods' names in <c>oauth_signature_method</c>; case sensitive.</summary>
public static class SignatureMethodNames
{
    public static string ToWire(this SignatureMethod method) => method switch
    {
        SignatureMethod.HmacSha1 => "HMAC-SHA1",
        SignatureMethod.HmacSha256 => "HMAC-SHA256",
    };

    /// <summary>Null for a method that is not taken.</summary>
    public static SignatureMethod? Parse(string name) => name switch
    {
        "HMAC-SHA1" => SignatureMethod.HmacSha1,
        "HMAC-SHA256" => SignatureMethod.HmacSha256,
        _ => null,
    };
}
