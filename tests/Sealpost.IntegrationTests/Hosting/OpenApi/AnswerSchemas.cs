using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Sealpost.IntegrationTests.Hosting.OpenApi;

/// <summary>
/// Whether bodies are as the document says. Stricter than the document: a member that it does not name is a fault, though a client
/// has to bear one.
/// </summary>
internal sealed class AnswerSchemas
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly JsonObject _components;

    public AnswerSchemas(JsonNode document)
    {
        _components = document["components"]!["schemas"]!.DeepClone().AsObject();
        Close(_components, isPart: false);
    }

    /// <summary>What is wrong with an answer's body; null: nothing.</summary>
    /// <param name="response">What the document says of it.</param>
    /// <param name="type">Its media type; null: it has no body.</param>
    /// <param name="body">The body.</param>
    public string? Fault(JsonNode response, string? type, string body)
    {
        if (response["content"] is not JsonObject contents)
        {
            return body.Length == 0 ? null : $"has the body {body}, and none is described";
        }

        if ((type is null ? null : contents[type]) is not { } content)
        {
            return contents.ContainsKey("*/*") ? null : $"has the type {type}, and described are {string.Join(", ", contents.Select(known => known.Key))}";
        }

        return content["schema"] is { } schema && type!.EndsWith("json", StringComparison.Ordinal) ? Fault(schema, JsonDocument.Parse(body).RootElement) : null;
    }

    /// <summary>What is wrong with a value of a schema of this name; null: nothing.</summary>
    public string? FaultOf(string schema, JsonElement value) => Fault(new JsonObject { ["$ref"] = $"#/components/schemas/{schema}" }, value);

    private string? Fault(JsonNode described, JsonElement value)
    {
        var schema = described.DeepClone();
        Close(schema, isPart: false);
        var whole = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["allOf"] = new JsonArray(schema), ["$defs"] = _components.DeepClone() };
        var text = whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        var results = JsonSchema.FromText(text).Evaluate(value, Options);
        return results.IsValid
            ? null
            : string.Join("; ", results.Details!.Where(detail => detail.Errors is not null).SelectMany(
                detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Key} {error.Value}"))) + $" in {value}";
    }

    // What is a part of a whole knows only its own members: the whole is closed instead. In 2020-12 that is seen through references.
    private static void Close(JsonNode? node, bool isPart)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Close(item, isPart);
            }
        }

        foreach (var (name, value) in (node as JsonObject)?.ToList() ?? [])
        {
            Close(value, isPart: name == "allOf");
        }

        if (node is JsonObject schema && !isPart && schema["properties"] is JsonObject && !schema.ContainsKey("additionalProperties"))
        {
            schema["unevaluatedProperties"] = false;
        }
    }
}
