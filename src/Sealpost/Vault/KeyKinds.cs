namespace Sealpost.Vault;

/// <summary>The object identifiers of the public keys that certificates are used with (RFC 3279, RFC 5480).</summary>
internal static class KeyKinds
{
    public const string Rsa = "1.2.840.113549.1.1.1";
    public const string EllipticCurve = "1.2.840.10045.2.1";
}
