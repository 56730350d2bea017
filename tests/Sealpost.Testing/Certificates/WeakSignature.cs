using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sealpost.Testing.Certificates;

/// <summary>Signs certificates with RSA and a hash that the platform has stopped to sign with.</summary>
internal sealed class WeakSignature(RSA key, HashAlgorithmName weak) : X509SignatureGenerator
{
    private readonly X509SignatureGenerator _sound = CreateForRSA(key, RSASignaturePadding.Pkcs1);

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(weak == HashAlgorithmName.MD5 ? "1.2.840.113549.1.1.4" : "1.2.840.113549.1.1.5");
            writer.WriteNull();
        }

        return writer.Encode();
    }

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, weak, RSASignaturePadding.Pkcs1);

    protected override PublicKey BuildPublicKey() => _sound.PublicKey;
}
