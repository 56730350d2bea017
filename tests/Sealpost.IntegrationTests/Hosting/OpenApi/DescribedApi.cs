using System.Text.Json;
using System.Text.Json.Nodes;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Hosting.OpenApi;

/// <summary>The document of a running service: its calls and their examples.</summary>
internal sealed class DescribedApi
{
    private static readonly string[] Methods = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"];

    private DescribedApi(JsonNode document) => Document = document;

    public JsonNode Document { get; }

    public static async Task<DescribedApi> Of(RunningService service)
    {
        var answer = await service.CallAsync("GET", "/openapi/v1.json", token: "");
        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType));
        return new DescribedApi(JsonNode.Parse(answer.Body)!);
    }

    public IEnumerable<DescribedCall> Calls() =>
        from path in Document["paths"]!.AsObject()
        from method in Methods
        let operation = path.Value![method.ToLowerInvariant()]
        where operation is not null
        select new DescribedCall(method, path.Key, operation);
}

/// <summary>One call of the document.</summary>
internal sealed record DescribedCall(string Method, string Path, JsonNode Operation)
{
    public string Name => $"{Method} {Path}";

    public string Id => Operation["operationId"]!.GetValue<string>();

    public IEnumerable<DescribedExample> Examples =>
        Operation["x-examples"]!.AsObject().Select(example => new DescribedExample(this, example.Key, example.Value!.AsObject()));

    /// <summary>What is said of an answer with this status; null: nothing.</summary>
    public JsonNode? Response(int status) => Operation["responses"]![$"{status}"] ?? Operation["responses"]![$"{status / 100}XX"];
}

/// <summary>One request of the document, with what it is answered.</summary>
internal sealed record DescribedExample(DescribedCall Call, string Name, JsonObject Request)
{
    public string Id => Name == "default" ? Call.Id : $"{Call.Id}/{Name}";

    public int[] Statuses => Request["status"] is JsonArray several ? several.Deserialize<int[]>()! : [Request["status"]!.GetValue<int>()];

    public IEnumerable<(string Variable, string From)> Saved =>
        (Request["save"]?.AsObject() ?? []).Select(saved => (saved.Key, saved.Value!.GetValue<string>()));
}
