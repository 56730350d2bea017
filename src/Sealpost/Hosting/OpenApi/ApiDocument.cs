using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sealpost.Hosting.OpenApi;

/// <summary>
/// The description of all calls (OpenAPI 3.1), as it is served and as it stands in <c>docs/openapi.json</c>. It is joined when it is
/// first asked for: whoever never asks pays nothing.
/// </summary>
internal sealed class ApiDocument
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lazy<ServedFile> _json = new(() => new ServedFile(Joined(), "application/json"));
    private readonly Lazy<ServedFile> _page;

    public ApiDocument() => _page = new(() => new ServedFile(new DocsPage(JsonNode.Parse(Json.Bytes)!).Write(), "text/html; charset=utf-8"));

    public ServedFile Json => _json.Value;

    /// <summary>The same as a page.</summary>
    public ServedFile Page => _page.Value;

    private static byte[] Joined() => [.. JsonSerializer.SerializeToUtf8Bytes(ApiFragments.BuiltIn().Join(), Readable), (byte)'\n'];
}

/// <summary>Bytes that are served as they are, and their tag (RFC 9110 8.8.3).</summary>
internal sealed record ServedFile(byte[] Bytes, string ContentType)
{
    public string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Bytes).AsSpan(0, 16))}\"";
}
