using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Sealpost.Hosting.OpenApi;

/// <summary>The document as a page of HTML: the calls by their tags, then the schemas. Everything that is text is encoded.</summary>
internal sealed class DocsPage(JsonNode document)
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete", "head"];

    private readonly StringBuilder _html = new();

    public byte[] Write()
    {
        _html.Append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n")
            .Append("<title>Sealpost: calls</title>\n<link rel=\"stylesheet\" href=\"/docs/style.css\">\n");
        Contents();
        _html.Append("<main>\n<h1>Sealpost: calls</h1>\n")
            .Append("<p><a href=\"/\">Status</a> · <a href=\"/openapi/v1.json\">OpenAPI document</a></p>\n")
            .Append(DocsText.Paragraphs(Text(document["info"]!, "description")))
            .Append("<p>In the examples <code>$server</code> is where the service listens, and <code>$administrator_token</code> what its file <code>admin-token</code> holds; other variables come from earlier answers.</p>\n");
        foreach (var tag in document["tags"]!.AsArray())
        {
            _html.Append($"<h2 id=\"{Anchor(Text(tag!, "name"))}\">{E(Text(tag!, "name"))}</h2>\n<p>{E(Text(tag!, "description"))}</p>\n");
            foreach (var call in CallsOf(tag!))
            {
                Call(call);
            }
        }

        Schemas();
        _html.Append("</main>\n</html>\n");
        return Encoding.UTF8.GetBytes(_html.ToString());
    }

    private static string E(string text) => WebUtility.HtmlEncode(text);

    private static string Text(JsonNode node, string member) => node[member]?.GetValue<string>() ?? "";

    private static string Anchor(string tag) => "tag-" + E(tag);

    private IEnumerable<DescribedCall> CallsOf(JsonNode tag) =>
        from path in document["paths"]!.AsObject()
        from method in Methods
        let operation = path.Value![method]
        where operation is not null && Text(tag, "name") == operation["tags"]![0]!.GetValue<string>()
        select new DescribedCall(method.ToUpperInvariant(), path.Key, path.Value!, operation);

    private void Contents()
    {
        _html.Append("<nav>\n");
        foreach (var tag in document["tags"]!.AsArray())
        {
            _html.Append($"<a href=\"#{Anchor(Text(tag!, "name"))}\"><b>{E(Text(tag!, "name"))}</b></a>\n<ul>\n");
            foreach (var call in CallsOf(tag!))
            {
                _html.Append($"<li><a href=\"#{E(call.Id)}\">{E(Text(call.Operation, "summary"))}</a></li>\n");
            }

            _html.Append("</ul>\n");
        }

        _html.Append("<a href=\"#schemas\"><b>Schemas</b></a>\n</nav>\n");
    }

    private void Call(DescribedCall call)
    {
        _html.Append($"<section id=\"{E(call.Id)}\">\n<h3><span class=\"method\">{call.Method}</span> <code>{E(call.Path)}</code></h3>\n")
            .Append($"<p><b>{E(Text(call.Operation, "summary"))}.</b></p>\n")
            .Append(DocsText.Paragraphs(Text(call.Operation, "description")));
        Parameters([.. call.Parameters.Select(Resolved)]);
        Body(call.Operation["requestBody"]);
        _html.Append("<h4>Answers</h4>\n<table>\n");
        foreach (var (status, response) in call.Operation["responses"]!.AsObject())
        {
            var schema = status[0] == '2' ? response!["content"]?.AsObject().First().Value?["schema"] : null;
            _html.Append($"<tr><td><code>{E(status)}</code></td><td>{DocsText.Paragraphs(Text(response!, "description"))}{(schema is null ? "" : DocsSchema.Of(schema))}</td></tr>\n");
        }

        _html.Append("</table>\n");
        foreach (var (name, example) in call.Operation[ApiOperation.Examples]!.AsObject())
        {
            _html.Append($"<details><summary>Example{(name == "default" ? "" : ": " + E(name))}, answered {E(DocsText.Statuses(example!["status"]!))}</summary>\n<pre>{E(DocsExample.Curl(call, example))}</pre></details>\n");
        }

        _html.Append("</section>\n");
    }

    private void Parameters(List<JsonNode> parameters)
    {
        if (parameters.Count == 0)
        {
            return;
        }

        _html.Append("<h4>Parameters</h4>\n<table>\n");
        foreach (var parameter in parameters)
        {
            var required = parameter["required"]?.GetValue<bool>() == true && Text(parameter, "in") != "path" ? ", required" : "";
            _html.Append($"<tr><td><code>{E(Text(parameter, "name"))}</code></td><td>{E(Text(parameter, "in"))}{required}</td><td>{DocsText.Line(Text(parameter, "description"))} {DocsSchema.Brief(parameter["schema"]!)}</td></tr>\n");
        }

        _html.Append("</table>\n");
    }

    private void Body(JsonNode? body)
    {
        foreach (var (type, content) in body?["content"]?.AsObject() ?? [])
        {
            _html.Append($"<h4>Body: <code>{E(type)}</code></h4>\n").Append(DocsSchema.Of(content!["schema"]));
        }

        if (body is not null)
        {
            _html.Append(DocsText.Paragraphs(Text(body, "description")));
        }
    }

    private JsonNode Resolved(JsonNode parameter) =>
        parameter["$ref"] is { } to ? document["components"]!["parameters"]![to.GetValue<string>().Split('/')[^1]]! : parameter;

    private void Schemas()
    {
        _html.Append("<h2 id=\"schemas\">Schemas</h2>\n");
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject().OrderBy(schema => schema.Key, StringComparer.Ordinal))
        {
            _html.Append($"<section id=\"schema-{E(name)}\">\n<h3>{E(name)}</h3>\n{DocsSchema.Of(schema)}</section>\n");
        }
    }
}

/// <summary>One call of the document.</summary>
internal sealed record DescribedCall(string Method, string Path, JsonNode Item, JsonNode Operation)
{
    public string Id => Operation["operationId"]!.GetValue<string>();

    /// <summary>The path's own, then the call's.</summary>
    public IEnumerable<JsonNode> Parameters => (Item["parameters"]?.AsArray() ?? []).Concat(Operation["parameters"]?.AsArray() ?? []).Select(parameter => parameter!);
}
