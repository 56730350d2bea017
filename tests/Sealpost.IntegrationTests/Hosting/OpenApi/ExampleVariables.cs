using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sealpost.IntegrationTests.Hosting.OpenApi;

/// <summary>What examples name with <c>$</c>: known before, or saved from the answers of earlier ones.</summary>
internal sealed partial class ExampleVariables
{
    private readonly Dictionary<string, JsonNode?> _values = new(StringComparer.Ordinal);

    public JsonNode? this[string name]
    {
        get => _values[name];
        set => _values[name] = value;
    }

    /// <summary>The text with its variables filled in.</summary>
    public string Fill(string text) => Variables().Replace(text, match => Value(match.Groups[1].Value)?.ToString() ?? "");

    /// <summary>The value with its variables filled in; a text that is nothing but a variable becomes what that is, such as a number.</summary>
    public JsonNode? Fill(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Fill(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Fill)]),
        JsonValue value when value.TryGetValue<string>(out var text) => Variables().Match(text) is { Success: true } match && match.Length == text.Length
            ? Value(match.Groups[1].Value)?.DeepClone()
            : JsonValue.Create(Fill(text)),
        _ => node?.DeepClone(),
    };

    private JsonNode? Value(string name)
    {
        Assert.True(_values.ContainsKey(name), $"no example that was sent has saved ${name}");
        return _values[name];
    }

    [GeneratedRegex(@"\$([a-z_0-9]+)")]
    private static partial Regex Variables();
}
