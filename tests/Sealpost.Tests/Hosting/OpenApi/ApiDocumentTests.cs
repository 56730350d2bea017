using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Sealpost.Hosting.OpenApi;
using Sealpost.Tests.Architecture;

namespace Sealpost.Tests.Hosting.OpenApi;

/// <summary>The description of the calls, as a document.</summary>
public sealed partial class ApiDocumentTests
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "head", "patch"];

    private static readonly string Served = Encoding.UTF8.GetString(new ApiDocument().Json.Bytes);

    private static readonly JsonObject Document = JsonNode.Parse(Served)!.AsObject();

    [Fact]
    public void The_document_that_is_checked_in_is_the_one_that_is_served() => Assert.True(
        Repository.Read("docs/openapi.json") == Served,
        "docs/openapi.json is not what is served: renew it with 'curl http://127.0.0.1:8080/openapi/v1.json > docs/openapi.json'.");

    [Fact]
    public void The_document_is_valid_OpenAPI()
    {
        var read = OpenApiDocument.Parse(Served, "json");

        Findings.None(read.Diagnostic!.Errors.Concat(read.Diagnostic.Warnings).Select(fault => fault.ToString()));
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        Assert.Equal(Operations().Count(), read.Document!.Paths.Sum(path => path.Value.Operations!.Count));
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var lost = References().Matches(Served)
            .Select(match => match.Groups[1].Value)
            .Where(path => path.Split('/').Aggregate((JsonNode?)Document, (node, member) => node?[member]) is null);

        Findings.None(lost);
    }

    [Fact]
    public void Every_component_is_used()
    {
        var used = References().Matches(Served).Select(match => match.Groups[1].Value).ToHashSet();
        string[] inStreams = ["AttemptEvent", "DeadEvent", "StateEvent", "InstallEvent", "OperationalEvent", "GapEvent", "EndEvent"];

        var unused = ((string[])["schemas", "parameters", "headers"])
            .SelectMany(kind => Document["components"]![kind]!.AsObject().Select(component => $"components/{kind}/{component.Key}"))
            .Where(path => !used.Contains(path) && !inStreams.Contains(path.Split('/')[^1]));

        Findings.None(unused);
    }

    [Fact]
    public void Every_call_has_a_name_of_its_own_a_tag_that_is_described_and_an_example()
    {
        var tags = Document["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>()).ToHashSet();
        var operations = Operations().ToList();

        Assert.Equal(operations.Count, operations.Select(call => call.Operation["operationId"]!.GetValue<string>()).Distinct().Count());
        Findings.None(operations
            .Where(call => !tags.Contains(call.Operation["tags"]![0]!.GetValue<string>()) || call.Operation["x-examples"]!.AsObject().Count == 0)
            .Select(call => call.Name));
    }

    [Fact]
    public void Every_parameter_of_a_path_is_described()
    {
        var missing = from path in Document["paths"]!.AsObject()
                      from Match match in PathParameters().Matches(path.Key)
                      where !(path.Value!["parameters"]?.AsArray() ?? []).Any(parameter => Resolved(parameter!)["name"]!.GetValue<string>() == match.Groups[1].Value)
                      select $"{path.Key}: {match.Groups[1].Value}";

        Findings.None(missing);
    }

    [Fact]
    public void Every_code_of_a_problem_in_the_source_is_described()
    {
        // Codes that any call may answer, which the introduction names, and those of one request in thousands.
        string[] anywhere = ["bad_request", "not_found", "request_timeout", "internal", "ambiguous_length", "unknown_transfer_coding"];
        string[] begun = ["endpoint_", "too_many_", "status_"];
        var described = Described();

        var missing = Repository.Files("*.cs").Where(path => path.StartsWith("src/Sealpost/", StringComparison.Ordinal))
            .SelectMany(path => ProblemCodes().Matches(Repository.Read(path)).Select(match => match.Groups[1].Value))
            .Where(code => !described.Contains(code) && !anywhere.Contains(code) && !begun.Contains(code));

        Findings.None(missing);
    }

    [Fact]
    public void Every_code_that_is_explained_is_one_of_a_call()
    {
        var fragment = JsonNode.Parse(Repository.Read("src/Sealpost/Hosting/OpenApi/Fragments/_problems.json"))!;
        var described = Described();

        Findings.None(fragment["problems"]!.AsObject().Select(problem => problem.Key.Split('/')[0]).Where(code => !described.Contains(code)));
    }

    private static HashSet<string> Described() =>
        [.. from call in Operations()
            from response in call.Operation["responses"]!.AsObject()
            let schema = response.Value!["content"]?["application/problem+json"]?["schema"]
            where schema is not null
            from code in schema["allOf"]![1]!["properties"]!["code"]!["enum"]!.AsArray()
            select code!.GetValue<string>()];

    private static JsonNode Resolved(JsonNode parameter) =>
        parameter["$ref"] is { } to ? Document["components"]!["parameters"]![to.GetValue<string>().Split('/')[^1]]! : parameter;

    private static IEnumerable<(string Name, JsonNode Operation)> Operations() =>
        from path in Document["paths"]!.AsObject()
        from method in Methods
        where path.Value![method] is not null
        select ($"{method} {path.Key}", path.Value![method]!);

    [GeneratedRegex("\"\\$ref\": \"#/([^\"]+)\"")]
    private static partial Regex References();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameters();

    [GeneratedRegex("Status[0-9]{3}\\w+,\\s*\"([a-z_0-9]+)\"")]
    private static partial Regex ProblemCodes();
}
