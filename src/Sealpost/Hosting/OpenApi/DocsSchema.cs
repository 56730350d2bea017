using System.Net;
using System.Text.Json.Nodes;

namespace Sealpost.Hosting.OpenApi;

/// <summary>A schema as HTML: in a few words, and where it has members as a table of them.</summary>
internal static class DocsSchema
{
    private static readonly (string Member, string Word)[] Limits =
    [
        ("minimum", "from"), ("maximum", "to"), ("minLength", "characters from"), ("maxLength", "characters to"), ("minItems", "items from"), ("maxItems", "items to"),
        ("pattern", "pattern"), ("const", "always"), ("default", "default"),
    ];

    /// <summary>The words, then the members.</summary>
    public static string Of(JsonNode? schema) => schema is null
        ? "<p>Anything.</p>\n"
        : $"<p>{DocsText.Line(schema["description"]?.GetValue<string>() ?? "")} {Brief(schema)}</p>\n{Members(schema)}";

    /// <summary>What it is, and its limits.</summary>
    public static string Brief(JsonNode schema)
    {
        if (schema["$ref"] is { } to)
        {
            var name = WebUtility.HtmlEncode(to.GetValue<string>().Split('/')[^1]);
            return $"<a href=\"#schema-{name}\">{name}</a>";
        }

        foreach (var (choice, between) in ((string, string)[])[("anyOf", " or "), ("oneOf", " or "), ("allOf", " and ")])
        {
            if (schema[choice] is JsonArray parts)
            {
                return string.Join(between, parts.Select(part => Brief(part!)));
            }
        }

        var words = new List<string> { Kind(schema) };
        words.AddRange(Limits
            .Where(limit => schema[limit.Member] is not null)
            .Select(limit => $"{limit.Word} <code>{WebUtility.HtmlEncode(schema[limit.Member]!.ToString())}</code>"));
        return string.Join(", ", words);
    }

    private static string Kind(JsonNode schema)
    {
        if (schema["enum"] is JsonArray values)
        {
            return "one of " + string.Join(" ", values.Select(value => $"<code>{WebUtility.HtmlEncode(value?.ToString() ?? "null")}</code>"));
        }

        var types = schema["type"] switch
        {
            JsonArray several => string.Join(" or ", several.Select(type => type!.GetValue<string>())),
            JsonValue one => one.GetValue<string>(),
            _ => "anything",
        };
        return schema["items"] is { } items ? $"{types} of {Brief(items)}" : types;
    }

    private static string Members(JsonNode schema)
    {
        if (schema["allOf"] is JsonArray parts)
        {
            return string.Concat(parts.Select(part => Members(part!)));
        }

        if ((schema["items"] ?? schema)["properties"] is not JsonObject members)
        {
            return "";
        }

        var required = ApiWords.Texts((schema["items"] ?? schema)["required"]).ToHashSet(StringComparer.Ordinal);
        var rows = members.Select(member =>
            $"<tr><td><code>{WebUtility.HtmlEncode(member.Key)}</code></td><td>{(required.Contains(member.Key) ? "" : "optional")}</td><td>{DocsText.Line(member.Value!["description"]?.GetValue<string>() ?? "")} {Brief(member.Value!)}{Members(member.Value!)}</td></tr>\n");
        return $"<table>\n{string.Concat(rows)}</table>\n";
    }
}
