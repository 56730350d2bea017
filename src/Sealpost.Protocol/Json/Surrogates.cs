using System.Globalization;
using System.Text.Json;

namespace Sealpost.Protocol.Json;

/// <summary>Escapes can spell half a character (<c>\ud800</c>), which no UTF-8 can carry: receivers would disagree on it.</summary>
internal static class Surrogates
{
    private const int EscapeLength = 6;

    /// <summary>Refuses the reader's present string or name if it holds one half of a surrogate pair alone.</summary>
    /// <exception cref="JsonException">It does.</exception>
    public static void RefuseLone(ref Utf8JsonReader json)
    {
        if (HasLone(json.ValueSpan))
            throw new JsonException($"The string at byte {json.TokenStartIndex} has a lone surrogate.");
    }

    // The framework's reader has already checked that each escape is complete and hexadecimal.
    private static bool HasLone(ReadOnlySpan<byte> raw)
    {
        for (var next = raw.IndexOf((byte)'\\'); next >= 0; next = raw.IndexOf((byte)'\\'))
        {
            raw = raw[next..];
            if (raw[1] != (byte)'u')
            {
                raw = raw[2..];
                continue;
            }
            var unit = Unit(raw);
            raw = raw[EscapeLength..];
            if (!char.IsSurrogate(unit))
                continue;
            if (!char.IsHighSurrogate(unit) || !raw.StartsWith("\\u"u8) || !char.IsLowSurrogate(Unit(raw)))
                return true;
            raw = raw[EscapeLength..];
        }
        return false;
    }

    private static char Unit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
