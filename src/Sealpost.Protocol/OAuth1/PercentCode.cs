using System.Buffers;
using System.Text;

namespace Sealpost.Protocol.OAuth1;

/// <summary>
/// Percent-encoding as RFC 5849 3.6 has it: letters, digits, <c>-._~</c> stand for themselves, every other byte of the UTF-8 is
/// <c>%XX</c> with upper-case digits. Not what web forms do: a space is <c>%20</c>, and a <c>+</c> is <c>%2B</c>.
/// </summary>
internal static class PercentCode
{
    private const string UpperHex = "0123456789ABCDEF";

    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    // A lone surrogate has no UTF-8: it becomes U+FFFD, and fits no signature.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Encode(string text) =>
        text.AsSpan().ContainsAnyExcept(Unreserved) ? Encode(Encoding.UTF8.GetBytes(text)) : text;

    public static string Encode(ReadOnlySpan<byte> utf8)
    {
        var encoded = new StringBuilder(utf8.Length * 2);
        foreach (var value in utf8)
        {
            Append(encoded, value);
        }

        return encoded.ToString();
    }

    /// <summary>
    /// Undoes <see cref="Encode(string)"/>. False for a character that should have been encoded, for <c>%</c> without two
    /// hexadecimal digits (of either case), and for bytes that are not UTF-8.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<char> encoded, out string text)
    {
        text = "";
        if (!encoded.ContainsAnyExcept(Unreserved))
        {
            text = encoded.ToString();
            return true;
        }

        var bytes = new byte[encoded.Length];
        var length = 0;
        for (var at = 0; at < encoded.Length; at++)
        {
            if (TryReadByte(encoded[at..], out var value))
            {
                at += 2;
            }
            else if (Unreserved.Contains(encoded[at]))
            {
                value = (byte)encoded[at];
            }
            else
            {
                return false;
            }

            bytes[length++] = value;
        }

        return TryText(bytes.AsSpan(0, length), out text);
    }

    /// <summary>
    /// A name or value of a query or a form, decoded as forms are (<c>+</c> is a space) and encoded as signatures are (RFC 5849
    /// 3.4.1.3.1). It goes by bytes: what is not UTF-8 keeps its bytes, and a stray <c>%</c> is a percent sign.
    /// </summary>
    public static string OfForm(ReadOnlySpan<char> form)
    {
        var encoded = new StringBuilder(form.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var at = 0; at < form.Length; at++)
        {
            if (TryReadByte(form[at..], out var value))
            {
                Append(encoded, value);
                at += 2;
                continue;
            }

            Rune.DecodeFromUtf16(form[at..], out var rune, out var chars);
            at += chars - 1;
            foreach (var part in utf8[..(rune.Value == '+' ? new Rune(' ') : rune).EncodeToUtf8(utf8)])
            {
                Append(encoded, part);
            }
        }

        return encoded.ToString();
    }

    private static void Append(StringBuilder encoded, byte value)
    {
        if (Unreserved.Contains((char)value))
        {
            encoded.Append((char)value);
        }
        else
        {
            encoded.Append('%').Append(UpperHex[value >> 4]).Append(UpperHex[value & 0xF]);
        }
    }

    private static bool TryReadByte(ReadOnlySpan<char> text, out byte value)
    {
        value = 0;
        if (text is not ['%', var high, var low, ..] || !char.IsAsciiHexDigit(high) || !char.IsAsciiHexDigit(low))
        {
            return false;
        }

        value = (byte)(HexValue(high) << 4 | HexValue(low));
        return true;
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static bool TryText(ReadOnlySpan<byte> utf8, out string text)
    {
        try
        {
            text = Strict.GetString(utf8);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }
}
