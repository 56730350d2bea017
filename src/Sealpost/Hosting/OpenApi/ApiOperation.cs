using System.Globalization;
using System.Text.Json.Nodes;

namespace Sealpost.Hosting.OpenApi;

/// <summary>
/// Writes out what is short in an operation of a fragment: <c>auth</c> becomes <c>security</c>, a sentence and its problems,
/// <c>problems</c> become responses with their codes, <c>examples</c> become those of the request's body, and stay whole as
/// <c>x-examples</c>. Pure.
/// </summary>
internal static class ApiOperation
{
    /// <summary>Where the examples stand whole: each a request, who sends it, and the status that it gets.</summary>
    public const string Examples = "x-examples";

    private const string ProblemType = "application/problem+json";
    private const int FirstError = 300;

    /// <exception cref="InvalidDataException">A code or kind of auth is none.</exception>
    public static JsonObject Expand(JsonObject brief, ApiWords words)
    {
        var (says, schemes, problems) = words.Auth(brief["auth"]!.GetValue<string>());
        var whole = new JsonObject();
        foreach (var member in (string[])["operationId", "tags", "summary"])
        {
            whole[member] = brief[member]!.DeepClone();
        }

        whole["description"] = brief["description"] is { } description ? $"{description.GetValue<string>()}\n\n{says}" : says;
        whole["security"] = new JsonArray([.. schemes.Select(scheme => new JsonObject { [scheme] = new JsonArray() })]);
        foreach (var member in (string[])["parameters", "requestBody"])
        {
            if (brief[member] is { } given)
            {
                whole[member] = given.DeepClone();
            }
        }

        AddExamples(whole["requestBody"], brief["examples"]!.AsObject());
        whole["responses"] = Responses(brief["responses"]!.AsObject(), problems.Concat(ApiWords.Texts(brief["problems"])).Distinct().Select(words.Problem));
        whole[Examples] = brief["examples"]!.DeepClone();
        return whole;
    }

    // One that is refused would contradict the schema that it stands beside.
    private static void AddExamples(JsonNode? body, JsonObject examples)
    {
        foreach (var (name, example) in examples.Where(example => IsGood(example.Value!)))
        {
            var type = example!["contentType"]?.GetValue<string>() ?? "application/json";
            if ((example["body"] ?? example["text"]) is { } value && body?["content"]?[type] is JsonObject content)
            {
                content["examples"] ??= new JsonObject();
                content["examples"]![name] = new JsonObject { ["value"] = value.DeepClone() };
            }
        }
    }

    private static bool IsGood(JsonNode example) => example["status"] is JsonValue status && status.GetValue<int>() < FirstError;

    private static JsonObject Responses(JsonObject given, IEnumerable<(string Code, int Status, string Means)> problems)
    {
        var responses = given.DeepClone().AsObject();
        foreach (var group in problems.GroupBy(problem => problem.Status))
        {
            var key = group.Key.ToString(CultureInfo.InvariantCulture);
            var list = string.Join('\n', group.Select(problem => $"- `{problem.Code}`: {problem.Means}"));
            responses[key] ??= new JsonObject { ["description"] = "" };
            var response = responses[key]!;
            var before = response["description"]!.GetValue<string>();
            response["description"] = before.Length == 0 ? list : $"{before}\n{list}";
            if (group.Key is 429 or 503)
            {
                response["headers"] ??= new JsonObject();
                response["headers"]!["Retry-After"] = Reference("headers/RetryAfter");
            }

            response["content"] ??= new JsonObject();
            response["content"]![ProblemType] = new JsonObject { ["schema"] = Schema(group.Select(problem => problem.Code)) };
        }

        return new JsonObject(responses.OrderBy(response => response.Key, StringComparer.Ordinal).Select(response => KeyValuePair.Create(response.Key, response.Value?.DeepClone())));
    }

    private static JsonObject Schema(IEnumerable<string> codes) => new()
    {
        ["allOf"] = new JsonArray(
            Reference("schemas/Problem"),
            new JsonObject { ["properties"] = new JsonObject { ["code"] = new JsonObject { ["enum"] = new JsonArray([.. codes.Select(code => JsonValue.Create(code))]) } } }),
    };

    private static JsonObject Reference(string component) => new() { ["$ref"] = $"#/components/{component}" };
}
