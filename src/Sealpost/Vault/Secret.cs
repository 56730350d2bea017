using System.Security.Cryptography;
using System.Text;

namespace Sealpost.Vault;

/// <summary>A value that must not be printed. Its <see cref="ToString"/> never shows it; compared in constant time.</summary>
public sealed class Secret : IEquatable<Secret>
{
    private readonly byte[] _utf8;

    public Secret(string text) => _utf8 = Encoding.UTF8.GetBytes(text);

    public Secret(ReadOnlySpan<byte> utf8) => _utf8 = utf8.ToArray();

    /// <summary>The bytes to sign or compare with.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>The value itself: for an answer that is meant to show it, and nowhere else.</summary>
    public string Reveal() => Encoding.UTF8.GetString(_utf8);

    public bool Equals(Secret? other) => other is not null && CryptographicOperations.FixedTimeEquals(_utf8, other._utf8);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => HashCode.Combine(_utf8.Length);

    public override string ToString() => "***";
}
