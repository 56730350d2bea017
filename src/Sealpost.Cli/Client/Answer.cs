using System.Text.Json;

namespace Sealpost.Cli.Client;

/// <summary>A success of the server.</summary>
/// <param name="Body">The bytes as they came.</param>
/// <param name="Revision">The header <c>ac-revision</c>, to be carried back as <c>If-Match</c>; null where there is none.</param>
internal sealed record Answer(ReadOnlyMemory<byte> Body, string? Revision)
{
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
