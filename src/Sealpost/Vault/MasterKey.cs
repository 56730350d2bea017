using System.Security.Cryptography;
using System.Text;

namespace Sealpost.Vault;

/// <summary>
/// The 32 bytes from which every key of the embedded vault is derived. They stand in base64 in <c>DIR/master.key</c> (mode
/// 0600), made at the first start, or come from the environment; without them what the store seals is lost.
/// </summary>
internal sealed class MasterKey
{
    private const int Bytes = 32;
    private const int IdBytes = 4;

    private readonly byte[] _key;

    private MasterKey(byte[] key)
    {
        _key = key;
        Id = Derive("key id")[..IdBytes];
        CheckValue = Derive("key check");
    }

    /// <summary>Four bytes that stand in each sealed value: they tell a wrong key from a damaged value.</summary>
    public byte[] Id { get; }

    /// <summary>What a store remembers of the key that sealed it.</summary>
    public byte[] CheckValue { get; }

    /// <summary>The key of a store: checked against the one that sealed it, made when both store and file are new.</summary>
    /// <param name="path">The key's file.</param>
    /// <param name="fromEnvironment">The key in base64 instead of the file; null: the file.</param>
    /// <param name="check">The store's memory of its key.</param>
    /// <exception cref="VaultException">The key is missing, malformed, or not the one that sealed this store.</exception>
    public static MasterKey Open(string path, Secret? fromEnvironment, IKeyCheck check)
    {
        var expected = check.Read();
        var key = fromEnvironment is not null ? Parse(fromEnvironment, "the master key in the environment")
            : File.Exists(path) ? Parse(PrivateFile.Read(path), path)
            : expected is null ? Create(path)
            : throw new VaultException($"{path} is missing, and this store was sealed with it: put the file back from its backup");
        if (expected is null)
        {
            check.Write(key.CheckValue);
        }
        else if (!key.Fits(expected))
        {
            var origin = fromEnvironment is null ? path : "the master key in the environment";
            throw new VaultException($"{origin} is not the key that sealed this store: put the right one back");
        }

        return key;
    }

    /// <summary>A key as it is written down.</summary>
    /// <param name="text">32 bytes in base64.</param>
    /// <param name="origin">Where it was found, for the message.</param>
    /// <exception cref="VaultException">It is not 32 bytes in base64.</exception>
    public static MasterKey Parse(Secret text, string origin)
    {
        var key = new byte[Bytes];
        return Convert.TryFromBase64String(text.Reveal(), key, out var written) && written == Bytes
            ? new MasterKey(key)
            : throw new VaultException($"{origin} is not {Bytes} bytes in base64");
    }

    /// <summary>Whether this is the key that a store remembers.</summary>
    public bool Fits(byte[] expected) => CryptographicOperations.FixedTimeEquals(expected, CheckValue);

    /// <summary>A key of 32 bytes for one purpose (HKDF-SHA256, RFC 5869); keys of two purposes say nothing about each other.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, Bytes, salt: null, info: Encoding.UTF8.GetBytes("sealpost " + purpose));

    private static MasterKey Create(string path)
    {
        var key = RandomNumberGenerator.GetBytes(Bytes);
        PrivateFile.Create(path, new Secret(Convert.ToBase64String(key)));
        return new MasterKey(key);
    }
}
