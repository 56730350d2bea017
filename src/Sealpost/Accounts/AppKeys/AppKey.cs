using System.Buffers.Text;
using System.Security.Cryptography;
using Sealpost.Vault;

namespace Sealpost.Accounts.AppKeys;

/// <summary>
/// What a service signs its calls with (protocol 7): two public names and their secrets. It belongs to one account, or to the
/// platform. Immutable.
/// </summary>
internal sealed record AppKey
{
    private const int NameBytes = 12;
    private const int SecretBytes = 32;

    public required string ConsumerKey { get; init; }

    public required Secret ConsumerSecret { get; init; }

    public required string Token { get; init; }

    public required Secret TokenSecret { get; init; }

    /// <summary>The one account that it opens; null: the platform's, which opens all.</summary>
    public required AccountId? Account { get; init; }

    /// <summary>What it is for, in its owner's words.</summary>
    public required string Name { get; init; }

    public required AppKeyPrivileges Privileges { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// A new key: names and secrets begin with what they are, so that people and secret scanners know what they found; the
    /// secrets have 256 random bits.
    /// </summary>
    public static AppKey New(AccountId? account, string name, AppKeyPrivileges privileges, DateTimeOffset now) => new()
    {
        ConsumerKey = "spkey_" + RandomNumberGenerator.GetHexString(NameBytes * 2, lowercase: true),
        ConsumerSecret = NewSecret("spkcs_"),
        Token = "spktk_" + RandomNumberGenerator.GetHexString(NameBytes * 2, lowercase: true),
        TokenSecret = NewSecret("spkts_"),
        Account = account,
        Name = name,
        Privileges = privileges,
        CreatedAt = now,
    };

    private static Secret NewSecret(string prefix) => new(prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));
}
