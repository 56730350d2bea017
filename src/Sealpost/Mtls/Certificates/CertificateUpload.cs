using Sealpost.Vault;

namespace Sealpost.Mtls.Certificates;

/// <summary>One certificate as a caller sent it, nothing of it checked but its form.</summary>
/// <param name="P12">The file.</param>
/// <param name="Password">The file's password; null: none was sent.</param>
/// <param name="Name">Its name; null: none was sent.</param>
/// <param name="Id">Which certificate it replaces; null: none was sent.</param>
internal sealed record CertificateUpload(ReadOnlyMemory<byte> P12, Secret? Password, string? Name, CertificateId? Id)
{
    private const int MaxNameLength = 128;

    /// <summary>Whether the name can be one: 1 to 128 characters, none of which is a control character.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength && !name.Any(char.IsControl);
}
