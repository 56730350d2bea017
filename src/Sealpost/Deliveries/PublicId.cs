namespace Sealpost.Deliveries;

/// <summary>
/// How the ids of notifications, deliveries and jobs are written outside: a prefix and thirteen digits of Crockford's
/// base 32, so that their text sorts as their order of acceptance does.
/// </summary>
/// <remarks>
/// Ids come from one counter per store that never repeats, not even after a restored backup or a fresh data directory
/// (the ledger's counter): receivers drop repeats by delivery id.
/// </remarks>
internal static class PublicId
{
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 13;

    public static string Format(string prefix, long id) => string.Create(
        prefix.Length + Length,
        (prefix, id),
        static (text, state) =>
        {
            state.prefix.CopyTo(text);
            var rest = state.id;
            for (var i = text.Length - 1; i >= state.prefix.Length; i--)
            {
                text[i] = Digits[(int)(rest & 31)];
                rest >>= 5;
            }
        });

    public static bool TryParse(string prefix, string? text, out long id)
    {
        id = 0;
        if (text is null || text.Length != prefix.Length + Length || !text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var c in text.AsSpan(prefix.Length))
        {
            var digit = Digits.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0 || id > long.MaxValue >> 5)
            {
                return false;
            }

            id = (id << 5) | (uint)digit;
        }

        return true;
    }
}
