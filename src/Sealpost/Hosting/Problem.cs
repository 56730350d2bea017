using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Sealpost.Hosting;

/// <summary>An error answer: <c>application/problem+json</c> (RFC 9457) with a stable <c>code</c> (contract.md, HTTP).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The stable name of the fault, for programs.</param>
/// <param name="Detail">One sentence for people; it never holds a secret.</param>
internal sealed record Problem(int Status, string Code, string Detail) : IResult, IStatusCodeHttpResult
{
    int? IStatusCodeHttpResult.StatusCode => Status;

    /// <summary>When it is worth to try again; written in whole seconds, rounded up.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further members of the answer, such as the list of a manifest's errors.</summary>
    public IReadOnlyDictionary<string, object>? Extensions { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        await using var json = new Utf8JsonWriter(response.BodyWriter);
        Write(json);
        await json.FlushAsync(httpContext.RequestAborted);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "about:blank");
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(Status));
        json.WriteNumber("status", Status);
        json.WriteString("detail", Detail);
        json.WriteString("code", Code);
        foreach (var (name, value) in Extensions ?? new Dictionary<string, object>())
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value, JsonSerializerOptions.Web);
        }

        json.WriteEndObject();
    }
}
