using System.Globalization;

namespace Sealpost.Accounts.Audit;

/// <summary>Where a list of the audit goes on: behind the entry that ended the page before.</summary>
/// <param name="At">Its time, in Unix milliseconds.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct AuditCursor(long At, long Id)
{
    private const string Prefix = "cur_";
    private const int Digits = 13;

    public static AuditCursor Of(AuditEntry last) => new(last.At.ToUnixTimeMilliseconds(), last.Id);

    public static bool TryParse(string text, out AuditCursor cursor)
    {
        cursor = default;
        var hex = text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length == Prefix.Length + (2 * Digits) ? text.AsSpan(Prefix.Length) : default;
        if (!hex.IsEmpty && TryParse(hex[..Digits], out var at) && TryParse(hex[Digits..], out var id))
        {
            cursor = new AuditCursor(at, id);
            return true;
        }

        return false;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{At:x13}{Id:x13}");

    private static bool TryParse(ReadOnlySpan<char> hex, out long value) =>
        long.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
