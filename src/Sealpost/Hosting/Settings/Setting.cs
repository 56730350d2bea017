using System.Globalization;

namespace Sealpost.Hosting.Settings;

/// <summary>
/// One setting: its key, the rule its value keeps, and where the value goes. <see cref="Apply"/> gives the settings with
/// the value in its place, or null where the value breaks the rule.
/// </summary>
internal sealed record Setting(string Key, string Rule, Func<SealpostSettings, SettingValue, SealpostSettings?> Apply)
{
    private const int LongestText = 2048;

    // Exact formats: TimeSpan's own reading takes "5" for five days.
    private static readonly string[] Durations =
    [
        @"hh\:mm\:ss", @"hh\:mm\:ss\.f", @"hh\:mm\:ss\.ff", @"hh\:mm\:ss\.fff",
        @"d\.hh\:mm\:ss", @"d\.hh\:mm\:ss\.f", @"d\.hh\:mm\:ss\.ff", @"d\.hh\:mm\:ss\.fff",
    ];

    public delegate bool Parser<T>(string text, out T value);

    public static Setting Duration(string key, TimeSpan min, TimeSpan max, Func<SealpostSettings, TimeSpan, SealpostSettings> keep) =>
        One(
            key,
            $"a duration written [d.]hh:mm:ss[.fff], from {min:c} to {max:c}",
            (string text, out TimeSpan value) =>
                TimeSpan.TryParseExact(text, Durations, CultureInfo.InvariantCulture, out value) && value >= min && value <= max,
            keep);

    public static Setting Whole(string key, long min, long max, Func<SealpostSettings, long, SealpostSettings> keep) =>
        One(
            key,
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
            (string text, out long value) =>
                long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max,
            keep);

    public static Setting Choice<T>(string key, IReadOnlyDictionary<string, T> choices, Func<SealpostSettings, T, SealpostSettings> keep) =>
        One(key, string.Join(" or ", choices.Keys), (string text, out T value) => choices.TryGetValue(text, out value!), keep);

    public static Setting File(string key, Func<SealpostSettings, string, SealpostSettings> keep) => One(key, "the path of a file", IsText, keep);

    public static Setting Files(string key, Func<SealpostSettings, IReadOnlyList<string>, SealpostSettings> keep) =>
        Many(key, "a list of paths of files", IsText, keep);

    /// <summary>One value that <paramref name="parse"/> takes.</summary>
    public static Setting One<T>(string key, string rule, Parser<T> parse, Func<SealpostSettings, T, SealpostSettings> keep) =>
        new(key, rule, (settings, given) => given.Text is { } text && parse(text, out var value) ? keep(settings, value) : null);

    /// <summary>A list, each item of which <paramref name="parse"/> takes.</summary>
    public static Setting Many<T>(string key, string rule, Parser<T> parse, Func<SealpostSettings, IReadOnlyList<T>, SealpostSettings> keep) =>
        new(key, rule, (settings, given) => Items(given, parse) is { } items ? keep(settings, items) : null);

    /// <summary>A setting that belongs to what this version does not have: known, and refused with the reason.</summary>
    public static Setting Refused(string key, string rule) => new(key, rule, static (_, _) => null);

    private static List<T>? Items<T>(SettingValue given, Parser<T> parse)
    {
        if (given.Items is null)
        {
            return null;
        }

        var items = new List<T>(given.Items.Count);
        foreach (var text in given.Items)
        {
            if (!parse(text, out var item))
            {
                return null;
            }

            items.Add(item);
        }

        return items;
    }

    private static bool IsText(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= LongestText && !text.Any(char.IsControl);
    }
}
