namespace Sealpost.Protocol.Signing;

/// <summary>The hash under a notification's HMAC. The protocol's default is SHA-1 (seed, Authentication).</summary>
public enum SignatureAlgorithm
{
    Sha1,
    Sha256,
}

/// <summary>How the HMAC is written in the header. The protocol's default is base64.</summary>
public enum SignatureEncoding
{
    Base64,
    Hex,
}

/// <summary>How an install wants its notifications signed. <c>default</c> is <c>sha1</c> in base64.</summary>
public readonly record struct SignatureScheme(SignatureAlgorithm Algorithm, SignatureEncoding Encoding);
