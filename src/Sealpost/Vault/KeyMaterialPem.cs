using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Sealpost.Vault;

/// <summary>Key material as PEM text (RFC 7468), which is how both vaults keep it: an operator's own tools can read it.</summary>
internal static class KeyMaterialPem
{
    private const string CertificateLabel = "CERTIFICATE";
    private const string KeyLabel = "PRIVATE KEY";

    public static string Certificate(KeyMaterial material) => PemEncoding.WriteString(CertificateLabel, material.Certificate.Span);

    public static string PrivateKey(KeyMaterial material) => PemEncoding.WriteString(KeyLabel, material.PrivateKey.Utf8);

    /// <summary>The intermediates, one after the other; empty when there are none.</summary>
    public static string Chain(KeyMaterial material) =>
        string.Join('\n', material.Chain.Select(der => PemEncoding.WriteString(CertificateLabel, der.Span)));

    /// <summary>All of it in one text: the certificate, the intermediates, the key.</summary>
    public static Secret Write(KeyMaterial material) =>
        new(string.Join('\n', [Certificate(material), .. material.Chain.Select(der => PemEncoding.WriteString(CertificateLabel, der.Span)), PrivateKey(material)]));

    /// <summary>Reads the certificate, its intermediates and one key, wherever the key stands; false when that is not what it is.</summary>
    public static bool TryRead(Secret pem, [NotNullWhen(true)] out KeyMaterial? material)
    {
        material = null;
        var rest = Encoding.UTF8.GetString(pem.Utf8).AsSpan();
        var certificates = new List<ReadOnlyMemory<byte>>();
        Secret? key = null;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var der = Convert.FromBase64String(rest[fields.Base64Data].ToString());
            switch (rest[fields.Label])
            {
                case CertificateLabel:
                    certificates.Add(der);
                    break;
                case KeyLabel when key is null:
                    key = new Secret(der);
                    break;
                default:
                    return false;
            }

            rest = rest[fields.Location.End..];
        }

        if (certificates.Count == 0 || key is null)
        {
            return false;
        }

        material = new KeyMaterial(certificates[0], key, certificates[1..]);
        return true;
    }
}
