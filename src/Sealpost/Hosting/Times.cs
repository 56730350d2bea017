using System.Globalization;

namespace Sealpost.Hosting;

/// <summary>Times as they stand in answers: RFC 3339 in UTC with milliseconds (contract.md, HTTP).</summary>
internal static class Times
{
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
