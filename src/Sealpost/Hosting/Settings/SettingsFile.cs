using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Sealpost.Hosting.Settings;

/// <summary><c>sealpost.json</c> as a flat list of keys and values. Comments and trailing commas are allowed, repeated members are not.</summary>
internal static class SettingsFile
{
    public const string Name = "sealpost.json";

    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>False with one line on what is wrong with the file as a whole.</summary>
    public static bool TryFlatten(string json, [NotNullWhen(true)] out List<SettingValue>? values, [NotNullWhen(false)] out string? error)
    {
        values = [];
        error = null;
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                Flatten(document.RootElement, "", values);
                return true;
            }

            error = $"{Name}: must hold one JSON object";
        }
        catch (JsonException e)
        {
            error = $"{Name}: is not JSON: {e.Message}";
        }

        return false;
    }

    private static void Flatten(JsonElement section, string prefix, List<SettingValue> values)
    {
        foreach (var member in section.EnumerateObject())
        {
            var key = prefix + member.Name;
            if (member.Value.ValueKind == JsonValueKind.Object)
            {
                Flatten(member.Value, key + ":", values);
            }
            else
            {
                values.Add(ValueOf(key, member.Value));
            }
        }
    }

    // A value of a kind that no setting has (null, a list in a list) becomes one without text and items: it breaks every rule.
    private static SettingValue ValueOf(string key, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return new SettingValue(key, Name, TextOf(value), Items: null);
        }

        var items = value.EnumerateArray().Select(TextOf).OfType<string>().ToList();
        return new SettingValue(key, Name, Text: null, items.Count == value.GetArrayLength() ? items : null);
    }

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };
}
