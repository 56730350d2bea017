using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sealpost.Cli.Client;

/// <summary>A success of the server.</summary>
/// <param name="Body">The bytes as they came.</param>
/// <param name="Revision">The header <c>ac-revision</c>, to be carried back as <c>If-Match</c>; null where there is none.</param>
internal sealed record Answer(ReadOnlyMemory<byte> Body, string? Revision)
{
    /// <summary>This answer; where it has no body (204), one that says in JSON what was done.</summary>
    public Answer Or(JsonObject done) => Body.IsEmpty ? this with { Body = Encoding.UTF8.GetBytes(done.ToJsonString()) } : this;

    /// <exception cref="VerbFailedException">The server said something that is not JSON: most likely it is not Sealpost.</exception>
    public JsonElement Json()
    {
        try
        {
            return JsonElement.Parse(Body.Span);
        }
        catch (JsonException)
        {
            throw new VerbFailedException("the answer is not JSON: is this server a Sealpost?");
        }
    }
}
