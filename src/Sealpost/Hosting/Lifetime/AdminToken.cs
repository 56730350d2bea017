using System.Buffers.Text;
using System.Security.Cryptography;
using Sealpost.Vault;

namespace Sealpost.Hosting.Lifetime;

/// <summary>The administrator's token: 256 random bits in <c>DIR/admin-token</c>, made at the first start, or given in the environment.</summary>
internal static class AdminToken
{
    private const int Bytes = 32;
    private const int MinGivenLength = 8;

    /// <exception cref="StartException">The given token is too short or has characters that no header carries.</exception>
    /// <exception cref="VaultException">The file cannot be read or written.</exception>
    public static Secret Take(string path, string? given)
    {
        if (given is not null)
        {
            return given.Length >= MinGivenLength && given.All(c => c is >= '!' and <= '~')
                ? new Secret(given)
                : throw new StartException($"{Settings.SettingsReader.AdminTokenVariable}: must be at least {MinGivenLength} visible ASCII characters");
        }

        if (!File.Exists(path))
        {
            PrivateFile.Create(path, new Secret(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes))));
        }

        return PrivateFile.Read(path);
    }
}
