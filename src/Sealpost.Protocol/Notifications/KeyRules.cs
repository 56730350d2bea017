using System.Buffers;
using System.Text.Unicode;

namespace Sealpost.Protocol.Notifications;

/// <summary>What a conversation or an event type key may look like: 1 to 256 bytes of UTF-8, no control characters (protocol 1).</summary>
public static class KeyRules
{
    public const int MaxBytes = 256;

    /// <summary>The rule in words, to follow "must have".</summary>
    public const string Words = "1 to 256 bytes of UTF-8 without control characters";

    /// <summary>Whether <paramref name="key"/> keeps the rule.</summary>
    public static bool Allow(string key) =>
        key.Length is > 0 and <= MaxBytes
        && FitsInUtf8(key)
        && !key.AsSpan().ContainsAnyInRange('\u0000', '\u001F')
        && !key.AsSpan().ContainsAnyInRange('\u007F', '\u009F');

    // A lone surrogate (out of a publish call's query) does not fit either.
    private static bool FitsInUtf8(string key)
    {
        Span<byte> utf8 = stackalloc byte[MaxBytes];
        return Utf8.FromUtf16(key, utf8, out _, out _, replaceInvalidSequences: false) == OperationStatus.Done;
    }
}
