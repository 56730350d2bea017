using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sealpost.Hosting.OpenApi;

/// <summary>The document's texts as HTML: paragraphs, lists of <c>- </c>, and <c>`code`</c>; nothing else of Markdown is in them.</summary>
internal static partial class DocsText
{
    private const string Bullet = "- ";

    public static string Line(string text) => Code().Replace(WebUtility.HtmlEncode(text), "<code>$1</code>");

    public static string Paragraphs(string text) => string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        line.StartsWith(Bullet, StringComparison.Ordinal) ? $"<ul><li>{Line(line[Bullet.Length..])}</li></ul>\n" : $"<p>{Line(line)}</p>\n"));

    /// <summary>The status of an example, or those that it may have.</summary>
    public static string Statuses(JsonNode status) => status is JsonArray several ? string.Join(" or ", several.Select(one => one!.ToString())) : status.ToString();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
