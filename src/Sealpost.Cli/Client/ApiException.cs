using System.Net;
using System.Text.Json;

namespace Sealpost.Cli.Client;

/// <summary>The server refused. The message is one line: what is wrong, its stable code, and what to do next.</summary>
internal sealed class ApiException(HttpStatusCode status, string code, string detail, TimeSpan? retryAfter)
    : Exception($"{detail.TrimEnd('.')} [{code}].{NextStep(status, code)}")
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>The problem's code; <c>http_NNN</c> where the answer is not a problem document.</summary>
    public string Code { get; } = code;

    public string Detail { get; } = detail;

    /// <summary>How long the server asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether the same request may succeed later (429, 503).</summary>
    public bool IsPassing => Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    public static ApiException From(HttpResponseMessage response, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var (code, detail) = Problem(body);
        var header = response.Headers.RetryAfter;
        var retryAfter = header?.Delta ?? (header?.Date is { } date ? date - now : null);
        return new ApiException(
            response.StatusCode,
            Printable.Line(code ?? $"http_{(int)response.StatusCode}"),
            Printable.Line(detail ?? $"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} {response.ReasonPhrase}"),
            retryAfter);
    }

    private static (string? Code, string? Detail) Problem(ReadOnlySpan<byte> body)
    {
        try
        {
            var problem = JsonElement.Parse(body);
            var detail = problem.Text("detail") is { Length: > 0 } text ? text : problem.Text("title");
            return (NullIfEmpty(problem.Text("code")), NullIfEmpty(detail));
        }
        catch (JsonException)
        {
            // Not a problem document: a proxy's page, say. The status has to do.
            return (null, null);
        }
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static string NextStep(HttpStatusCode status, string code) => (status, code) switch
    {
        (HttpStatusCode.Unauthorized, _) => " Give a token with --token-file or SEALPOST_TOKEN.",
        (HttpStatusCode.Forbidden, _) => " The token must belong to this account and have the scope, see `sealpost tokens list`.",
        (HttpStatusCode.NotFound, _) => " Check the id and --account.",
        (HttpStatusCode.PreconditionFailed, _) => " Someone changed it meanwhile: run the command again.",
        (HttpStatusCode.Conflict, "idempotency_conflict") => " Use another --idempotency-key for other content.",
        (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, _) => " Try again later.",
        _ => "",
    };
}
