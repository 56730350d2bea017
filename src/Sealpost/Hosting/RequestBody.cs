using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Sealpost.Hosting;

/// <summary>Reads the small JSON bodies of administrative calls; what is too large or not as expected becomes a <see cref="Problem"/>.</summary>
internal static class RequestBody
{
    /// <summary>More than any manifest or form of ours can need.</summary>
    public const int MaxBytes = 256 * 1024;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly JsonSerializerOptions Lenient = new(Strict) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    /// <summary>The whole body, or a 413.</summary>
    /// <param name="http">The request.</param>
    /// <param name="maxBytes">For calls whose bodies are larger than a form of ours.</param>
    public static async Task<(ReadOnlyMemory<byte> Body, Problem? Problem)> Read(HttpContext http, int maxBytes = MaxBytes)
    {
        var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            if (body.Length + read > maxBytes)
            {
                return (default, TooLarge(maxBytes));
            }

            body.Write(buffer, 0, read);
        }

        return (body.ToArray(), null);
    }

    /// <summary>The body as <typeparamref name="T"/>, or a 400 or 413. Unknown members are refused unless <paramref name="lenient"/>.</summary>
    public static async Task<(T? Value, Problem? Problem)> ReadJson<T>(HttpContext http, bool lenient = false)
        where T : class
    {
        var (body, problem) = await Read(http);
        return problem is not null ? (null, problem) : Parse<T>(body, lenient);
    }

    /// <summary>A body that was read already, as <typeparamref name="T"/>, or a 400.</summary>
    public static (T? Value, Problem? Problem) Parse<T>(ReadOnlyMemory<byte> body, bool lenient = false)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body.Span, lenient ? Lenient : Strict) is { } value
                ? (value, null)
                : (null, Invalid("The body is null."));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The parser's own text may quote the body, and a body may hold a password: the path says enough.
            return (null, Invalid($"The body is not the JSON that this call takes (at {(e as JsonException)?.Path ?? "$"})."));
        }
    }

    public static Problem TooLarge(int maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, "body_too_large", $"The body is larger than {maxBytes} bytes.");

    private static Problem Invalid(string detail) => new(StatusCodes.Status400BadRequest, "json_invalid", detail);
}
