using System.Globalization;
using System.Text;

namespace Sealpost.Cli;

/// <summary>Text from elsewhere, made safe for a terminal: bodies and answers may hold escape sequences.</summary>
internal static class Printable
{
    /// <summary>One line: control and format characters become <c>·</c>.</summary>
    public static string Line(string text) => text.Any(IsUnsafe) ? Replace(text) : text;

    /// <summary>One line of at most <paramref name="maxChars"/> characters of a body.</summary>
    public static string Excerpt(ReadOnlySpan<byte> utf8, int maxChars)
    {
        // A character has at most four bytes; what lies beyond need not be decoded.
        var text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, maxChars * 4)]);
        return Line(text.Length > maxChars ? text[..maxChars] + "…" : text);
    }

    private static string Replace(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            safe.Append(IsUnsafe(c) ? '·' : c);
        }

        return safe.ToString();
    }

    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator;
}
