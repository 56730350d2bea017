using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Sealpost.Cli;

/// <summary>Options that take a moment: a time as in RFC 3339, or how long ago, such as <c>2h</c>.</summary>
internal static class TimeOption
{
    public static Option<string?> Create(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TIME" };
        option.Validators.Add(Validate);
        return option;
    }

    /// <summary>The moment as the server takes it: a time goes as typed, how long ago is counted from <paramref name="now"/>.</summary>
    public static string? Moment(string? text, DateTimeOffset now) => text is not null && Durations.TryParse(text, out var ago)
        ? (now - ago).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        : text;

    private static void Validate(OptionResult result)
    {
        var text = result.Tokens.SingleOrDefault()?.Value ?? "";
        if (!Durations.TryParse(text, out _) && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _))
        {
            result.AddError($"{result.Option.Name}: '{text}' is neither a time such as 2026-01-31T09:30:00Z nor a duration such as 2h.");
        }
    }
}
