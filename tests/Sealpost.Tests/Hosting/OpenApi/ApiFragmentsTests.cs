using System.Text.Json.Nodes;
using Sealpost.Hosting.OpenApi;

namespace Sealpost.Tests.Hosting.OpenApi;

/// <summary>How fragments become one document.</summary>
public sealed class ApiFragmentsTests
{
    private const string Words = """
        {"problems":{"bad":{"status":400,"means":"Bad."},"worse":{"status":400,"means":"Worse."},"late":{"status":503,"means":"Late."},"stranger":{"status":401,"means":"Who?"}},
         "auth":{"none":{"says":"No auth."},"key":{"says":"A key.","security":["bearer"],"problems":["stranger"]}}}
        """;

    private const string Ok = """ "responses":{"200":{"description":"Well."}} """;

    [Fact]
    public void Problems_become_answers_with_their_codes_by_status()
    {
        var operation = Join($$"""{"paths":{"/a":{"get":{"operationId":"a","tags":["T"],"summary":"A","auth":"key",{{Ok}},"problems":["worse","late","bad"],"examples":{} } } } }""")["paths"]!["/a"]!["get"]!;

        Assert.Equal(["200", "400", "401", "503"], operation["responses"]!.AsObject().Select(response => response.Key));
        Assert.Equal("- `worse`: Worse.\n- `bad`: Bad.", operation["responses"]!["400"]!["description"]!.GetValue<string>());
        Assert.Equal("""["worse","bad"]""", operation["responses"]!["400"]!["content"]!["application/problem+json"]!["schema"]!["allOf"]![1]!["properties"]!["code"]!["enum"]!.ToJsonString());
        Assert.NotNull(operation["responses"]!["503"]!["headers"]!["Retry-After"]);
        Assert.Equal("""[{"bearer":[]}]""", operation["security"]!.ToJsonString());
        Assert.Equal("A key.", operation["description"]!.GetValue<string>());
    }

    [Fact]
    public void Examples_that_are_taken_stand_beside_the_bodys_schema_and_all_stand_whole()
    {
        const string Examples = """{"good":{"body":{"n":1},"status":200},"bad":{"body":{},"status":400},"read":{"status":200} }""";
        var operation = Join($$"""{"paths":{"/a":{"post":{"operationId":"a","tags":["T"],"summary":"A","auth":"none","requestBody":{"content":{"application/json":{"schema":{} } } },{{Ok}},"problems":["bad"],"examples":{{Examples}} } } } }""")["paths"]!["/a"]!["post"]!;

        Assert.Equal("""{"good":{"value":{"n":1}}}""", operation["requestBody"]!["content"]!["application/json"]!["examples"]!.ToJsonString());
        Assert.Equal(["good", "bad", "read"], operation["x-examples"]!.AsObject().Select(example => example.Key));
    }

    [Fact]
    public void An_operation_of_several_methods_is_one_of_each()
    {
        var item = Join($$"""{"paths":{"/a":{"get head":{"operationId":"a","tags":["T"],"summary":"A","auth":"none",{{Ok}},"examples":{} } } } }""")["paths"]!["/a"]!.AsObject();

        Assert.Equal(["get aGet A (GET)", "head aHead A (HEAD)"], item.Select(call => $"{call.Key} {call.Value!["operationId"]} {call.Value["summary"]}"));
    }

    [Fact]
    public void What_is_described_twice_and_words_that_are_none_are_refused()
    {
        const string Path = """{"paths":{"/a":{} } }""";

        Assert.Contains("/a", Assert.Throws<InvalidDataException>(() => Join(Path, Path)).Message, StringComparison.Ordinal);
        Assert.Contains("nosuch", Refused("\"key\"", "\"nosuch\"").Message, StringComparison.Ordinal);
        Assert.Contains("guest", Refused("\"guest\"", "\"bad\"").Message, StringComparison.Ordinal);
    }

    private static InvalidDataException Refused(string auth, string problem) => Assert.Throws<InvalidDataException>(() =>
        Join($$"""{"paths":{"/a":{"get":{"operationId":"a","tags":["T"],"summary":"A","auth":{{auth}},{{Ok}},"problems":[{{problem}}],"examples":{} } } } }"""));

    private static JsonObject Join(params string[] fragments) => new ApiFragments(
    [
        KeyValuePair.Create("_root", JsonNode.Parse("""{"openapi":"3.1.1","components":{"schemas":{} } }""")!.AsObject()),
        KeyValuePair.Create("_problems", JsonNode.Parse(Words)!.AsObject()),
        .. fragments.Select((fragment, i) => KeyValuePair.Create($"f{i}", JsonNode.Parse(fragment)!.AsObject())),
    ]).Join();
}
