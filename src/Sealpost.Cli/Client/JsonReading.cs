using System.Text.Json;

namespace Sealpost.Cli.Client;

/// <summary>Members of the server's answers as text for people. What is absent or null reads as an empty text.</summary>
internal static class JsonReading
{
    public static string Text(this JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value) ? value.Text() : "";

    public static string Text(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        JsonValueKind.Number or JsonValueKind.Object => value.GetRawText(),
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    /// <summary>A member, or an undefined element whose <see cref="Text(JsonElement)"/> is empty.</summary>
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>The things in a list: the array itself, or the first array among an object's members.</summary>
    public static IReadOnlyList<JsonElement> Items(this JsonElement answer)
    {
        var array = answer.ValueKind == JsonValueKind.Object
            ? answer.EnumerateObject().Select(member => member.Value).FirstOrDefault(value => value.ValueKind == JsonValueKind.Array)
            : answer;
        return array.ValueKind == JsonValueKind.Array ? [.. array.EnumerateArray()] : [];
    }

    /// <summary>Every member that is not an object or a list of objects, in the server's order.</summary>
    public static IEnumerable<(string Name, string Value)> Scalars(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var member in element.EnumerateObject())
        {
            var nested = member.Value.ValueKind == JsonValueKind.Object
                || (member.Value.ValueKind == JsonValueKind.Array && member.Value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object));
            if (!nested)
            {
                yield return (member.Name, member.Value.Text());
            }
        }
    }
}
