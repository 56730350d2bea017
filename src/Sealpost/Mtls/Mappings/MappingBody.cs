using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;

namespace Sealpost.Mtls.Mappings;

/// <summary>A mapping object as a caller sent it; nothing of it is checked but its form.</summary>
internal sealed record MappingWish
{
    public JsonElement? Id { get; init; }

    public JsonElement? CertificationId { get; init; }

    public JsonElement? ServiceId { get; init; }

    public bool? Enable { get; init; }

    public string? Url { get; init; }

    public JsonElement? SiteId { get; init; }

    public string? Name { get; init; }

    public bool? Deleted { get; init; }

    /// <summary>A member that clients send as a number or as text; null: absent or empty.</summary>
    public static string? Text(JsonElement? member) => member switch
    {
        { ValueKind: JsonValueKind.String } => member.Value.GetString() is { Length: > 0 } text ? text : null,
        { ValueKind: JsonValueKind.Number } => member.Value.GetRawText(),
        _ => null,
    };
}

/// <summary>Reads the list of a call about mappings.</summary>
internal static class MappingBody
{
    public const int MostItems = 1000;

    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>An array of <typeparamref name="T"/>, or one alone.</summary>
    /// <param name="http">The request.</param>
    /// <param name="plural">What the items are called, in a refusal and its code.</param>
    public static async Task<(IReadOnlyList<T>? Items, Problem? Problem)> ReadAsync<T>(HttpContext http, string plural)
        where T : class
    {
        var (body, problem) = await RequestBody.Read(http, MaxBytes);
        return problem is null ? Parse<T>(body, plural) : (null, problem);
    }

    private static (IReadOnlyList<T>? Items, Problem? Problem) Parse<T>(ReadOnlyMemory<byte> body, string plural)
        where T : class
    {
        if (body.Span.TrimStart(" \t\r\n"u8) is not [(byte)'[', ..])
        {
            var (one, fault) = RequestBody.Parse<T>(body, lenient: true);
            return one is null ? (null, fault) : ([one], null);
        }

        var (many, problem) = RequestBody.Parse<T?[]>(body, lenient: true);
        return many switch
        {
            null => (null, problem),
            { Length: > MostItems } => (null, new Problem(
                StatusCodes.Status400BadRequest, "too_many_" + plural, $"A call takes {MostItems} {plural} at most.")),
            _ when many.Contains(null) => (null, new Problem(StatusCodes.Status400BadRequest, "json_invalid", "The list holds a null.")),
            _ => (many!, null),
        };
    }
}
