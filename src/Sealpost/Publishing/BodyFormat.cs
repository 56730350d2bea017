using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Sealpost.Publishing;

/// <summary>How a publish request's body is read.</summary>
internal enum BodyFormat
{
    /// <summary>One event.</summary>
    Json,

    /// <summary>One event a line.</summary>
    Ndjson,
}

internal static class BodyFormats
{
    private const string Json = "application/json";
    private const string Ndjson = "application/x-ndjson";

    /// <summary>Null: neither of the two media types, another charset than UTF-8, or a content encoding.</summary>
    public static BodyFormat? Of(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return null;
        }

        // The two spellings that nearly every request has need no parser.
        return request.ContentType switch
        {
            Json => BodyFormat.Json,
            Ndjson => BodyFormat.Ndjson,
            _ => Parse(request.ContentType),
        };
    }

    private static BodyFormat? Parse(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || (type.Charset.HasValue && !IsUtf8(type)))
        {
            return null;
        }

        if (type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
        {
            return BodyFormat.Json;
        }

        return type.MediaType.Equals(Ndjson, StringComparison.OrdinalIgnoreCase) ? BodyFormat.Ndjson : null;
    }

    private static bool IsUtf8(MediaTypeHeaderValue type) =>
        type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase);
}
