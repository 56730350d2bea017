using System.Buffers.Text;
using System.Security.Cryptography;
using Sealpost.Vault;

namespace Sealpost.Installs;

/// <summary>What an install is known by: its <c>client_id</c>, and the secret that signs its notifications.</summary>
public sealed record InstallIdentity(Guid ClientId, Secret Secret)
{
    private const int SecretBytes = 32;

    internal static Guid NewClientId() => Guid.NewGuid();

    /// <summary>256 random bits in base64url: the text itself, in UTF-8, is the key of the HMAC (seed, Authentication).</summary>
    internal static Secret NewSecret() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));
}
