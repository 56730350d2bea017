using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sealpost.Hosting.OpenApi;

namespace Sealpost.Tests.Hosting.OpenApi;

/// <summary>The page of the calls.</summary>
public sealed partial class DocsPageTests
{
    private static readonly ApiDocument Served = new();

    private static readonly string Page = Encoding.UTF8.GetString(Served.Page.Bytes);

    [Fact]
    public void Each_call_has_its_place_and_each_link_within_the_page_leads_to_one()
    {
        var places = Ids().Matches(Page).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(places.Count, places.Distinct().Count());
        Assert.Empty(Links().Matches(Page).Select(match => match.Groups[1].Value).Except(places));
        Assert.All(
            JsonNode.Parse(Served.Json.Bytes)!["paths"]!.AsObject(), path => Assert.Contains($"<code>{path.Key}</code>", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void An_example_is_a_command_that_a_shell_fills_in()
    {
        Assert.Contains("curl -X DELETE &quot;$server/api/account/acme/tokens/$token_id&quot; \\\n  -H &quot;Authorization: Bearer $administrator_token&quot;</pre>", Page, StringComparison.Ordinal);
        Assert.Contains("--data-binary @- &lt;&lt;END\n{&quot;name&quot;:&quot;publisher&quot;,&quot;scopes&quot;:[&quot;publish&quot;,&quot;read&quot;]}\nEND</pre>", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_document_says_is_text_and_never_markup()
    {
        const string Evil = "<script>alert(1)</script>";
        var document = JsonNode.Parse(Served.Json.Bytes)!;
        Spoil(document, Evil);

        var page = Encoding.UTF8.GetString(new DocsPage(document).Write());

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.True(page.Split("&lt;script&gt;").Length > 1000);
    }

    private static void Spoil(JsonNode? node, string evil)
    {
        string[] words = ["description", "summary", "operationId", "text", "pattern", "title"];
        foreach (var (name, value) in (node as JsonObject)?.ToList() ?? [])
        {
            if (words.Contains(name) && value is JsonValue text && text.TryGetValue<string>(out var before))
            {
                node![name] = before + evil;
            }

            Spoil(value, evil);
        }

        foreach (var item in node as JsonArray ?? [])
        {
            Spoil(item, evil);
        }
    }

    [GeneratedRegex("<[^>]* id=\"([^\"]+)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("href=\"#([^\"]+)\"")]
    private static partial Regex Links();
}
