using System.Globalization;

namespace Sealpost.Hosting;

/// <summary>Times as they stand in answers: RFC 3339 in UTC with milliseconds (contract.md, HTTP).</summary>
internal static class Times
{
    /// <summary>What <see cref="TryParse"/> takes, in words.</summary>
    public const string Rule = "a time as in RFC 3339";

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd"];

    private static readonly DateTimeOffset Latest = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A time or a date of a query; without an offset it is UTC.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        var ok = DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
        // Nothing was accepted earlier or will be later, and bounds can still be widened by a little.
        time = time < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : time > Latest ? Latest : time;
        return ok;
    }
}
