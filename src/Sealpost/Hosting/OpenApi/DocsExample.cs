using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sealpost.Hosting.OpenApi;

/// <summary>An example as a command of <c>curl</c> that can be pasted into a shell.</summary>
internal static class DocsExample
{
    private const string Next = " \\\n  ";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Curl(DescribedCall call, JsonNode example)
    {
        var target = Target(call.Path, example);
        var command = new StringBuilder(call.Method == "HEAD" ? "curl --head" : $"curl -X {call.Method}").Append($" \"$server{target}\"");
        if (Authorization(call, example, target) is { } authorization)
        {
            command.Append(Next).Append($"-H \"Authorization: {authorization}\"");
        }

        foreach (var (name, value) in example["headers"]?.AsObject() ?? [])
        {
            command.Append(Next).Append($"-H \"{name}: {value}\"");
        }

        foreach (var (name, value) in example["form"]?.AsObject() ?? [])
        {
            command.Append(Next).Append(value is JsonObject
                ? $"-F \"{name}={value.ToJsonString(Plain).Replace("\"", "\\\"", StringComparison.Ordinal)};type=application/json\""
                : $"-F \"{name}={value}\"");
        }

        // The shell puts its variables into such a text.
        if (example["body"] is { } body)
        {
            return command.Append(Type(example)).Append(Next).Append("--data-binary @- <<END\n").Append(body.ToJsonString(Plain)).Append("\nEND").ToString();
        }

        return example["text"] is { } text
            ? command.Append(Type(example)).Append(Next).Append("--data-binary @- <<END\n").Append(text.GetValue<string>().TrimEnd('\n')).Append("\nEND").ToString()
            : command.ToString();
    }

    private static string Type(JsonNode example) => $"{Next}-H \"Content-Type: {example["contentType"]?.GetValue<string>() ?? "application/json"}\"";

    private static string Target(string path, JsonNode example)
    {
        foreach (var (name, value) in example["path"]?.AsObject() ?? [])
        {
            path = path.Replace($"{{{name}}}", value!.GetValue<string>(), StringComparison.Ordinal);
        }

        var query = string.Join('&', (example["query"]?.AsObject() ?? []).Select(parameter => $"{parameter.Key}={parameter.Value}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private static string? Authorization(DescribedCall call, JsonNode example, string target) => example["as"]?.GetValue<string>() switch
    {
        "nobody" => null,
        "token" => "Bearer $token",
        "appKey" => $"$(sealpost oauth sign --key-file key.json {call.Method} \"$server{target}\")",
        _ => call.Operation["security"]!.AsArray().Count == 0 ? null : "Bearer $administrator_token",
    };
}
