using System.Security.Cryptography;

namespace Sealpost.Vault;

/// <summary>
/// Seals secrets for storage with AES-256-GCM: one key for each purpose, a random nonce for each value, bound to its owner.
/// Thread safe.
/// </summary>
/// <remarks>
/// A sealed value is: version (1 byte), key id (4), nonce (12), ciphertext, tag (16). Version and key id are authenticated with
/// the owner. Random 96-bit nonces are safe for 2^32 values of one key (NIST SP 800-38D 8.3), far beyond the installs of a store.
/// </remarks>
internal sealed class SealedBox
{
    private const byte Version = 1;
    private const int KeyIdBytes = 4;
    private const int NonceStart = 1 + KeyIdBytes;
    private const int NonceBytes = 12;
    private const int TextStart = NonceStart + NonceBytes;
    private const int TagBytes = 16;

    // A data key is named by the place it stands in, not by an id.
    private static readonly byte[] DataKeyId = new byte[KeyIdBytes];

    private readonly string _purpose;
    private readonly byte[] _key;
    private readonly byte[] _keyId;

    public SealedBox(MasterKey master, string purpose)
        : this(purpose, master.Derive(purpose), master.Id)
    {
    }

    private SealedBox(string purpose, byte[] key, byte[] keyId)
    {
        _purpose = purpose;
        _key = key;
        _keyId = keyId;
    }

    /// <summary>A box with a key of its own, which no master key made: of a value that no other shares the key with.</summary>
    public static SealedBox OfDataKey(ReadOnlySpan<byte> key, string purpose) => new(purpose, key.ToArray(), DataKeyId);

    public byte[] Seal(Secret secret, SealedFor owner)
    {
        var text = secret.Utf8;
        var box = new byte[TextStart + text.Length + TagBytes];
        box[0] = Version;
        _keyId.CopyTo(box, 1);
        var nonce = box.AsSpan(NonceStart, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(nonce, text, box.AsSpan(TextStart, text.Length), box.AsSpan(TextStart + text.Length), Associated(box, owner));
        return box;
    }

    /// <exception cref="VaultException">The value was sealed with another key, for another owner, or is damaged.</exception>
    public Secret Open(byte[] box, SealedFor owner)
    {
        if (box.Length < TextStart + TagBytes || box[0] != Version)
        {
            throw new VaultException($"the {_purpose} of {owner.Record} in account {owner.Account} is not a sealed value of this version");
        }

        if (!box.AsSpan(1, KeyIdBytes).SequenceEqual(_keyId))
        {
            throw new VaultException($"the {_purpose} of {owner.Record} in account {owner.Account} was sealed with another master key");
        }

        var text = new byte[box.Length - TextStart - TagBytes];
        try
        {
            using var aes = new AesGcm(_key, TagBytes);
            aes.Decrypt(box.AsSpan(NonceStart, NonceBytes), box.AsSpan(TextStart, text.Length), box.AsSpan(TextStart + text.Length), text, Associated(box, owner));
            return new Secret(text);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new VaultException($"the {_purpose} of {owner.Record} in account {owner.Account} is damaged or belongs elsewhere", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private byte[] Associated(byte[] box, SealedFor owner) => [.. box.AsSpan(0, NonceStart), .. owner.Bytes(_purpose)];
}
