using System.Net;
using System.Text.Json;

namespace Sealpost.Cli.Client;

/// <summary>The server refused. The message is one line: what is wrong, its stable code, and what to do next.</summary>
internal sealed class ApiException(HttpStatusCode status, string code, string detail, TimeSpan? retryAfter, string? tokenOrigin)
    : Exception($"{detail.TrimEnd('.')} [{code}].{NextStep(status, code, tokenOrigin)}")
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>The problem's code; <c>http_NNN</c> where the answer is not a problem document.</summary>
    public string Code { get; } = code;

    public string Detail { get; } = detail;

    /// <summary>How long the server asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether the same request may succeed later (429, 503).</summary>
    public bool IsPassing => Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    public static ApiException From(HttpResponseMessage response, ReadOnlySpan<byte> body, DateTimeOffset now, Connection connection)
    {
        var (code, detail) = Problem(body);
        var header = response.Headers.RetryAfter;
        var retryAfter = header?.Delta ?? (header?.Date is { } date ? date - now : null);
        return new ApiException(
            response.StatusCode,
            Printable.Line(code ?? $"http_{(int)response.StatusCode}"),
            Printable.Line(detail ?? $"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} {response.ReasonPhrase}"),
            retryAfter,
            connection.TokenOrigin);
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

    private static string NextStep(HttpStatusCode status, string code, string? tokenOrigin) => (status, code) switch
    {
        (HttpStatusCode.Unauthorized, _) when tokenOrigin is null => " No token was sent: give one with --token-file or SEALPOST_TOKEN, or the local service's directory with --data.",
        (HttpStatusCode.Unauthorized, _) => $" The token came from {tokenOrigin}: give another with --token-file or SEALPOST_TOKEN.",
        (HttpStatusCode.Forbidden, _) => $" The token{(tokenOrigin is null ? "" : $" (from {tokenOrigin})")} must belong to this account and have the scope, or be the administrator's; see `sealpost tokens list`.",
        (HttpStatusCode.NotFound, "account_not_found") => " Create it with `sealpost accounts create ACCOUNT`, or name another with --account, see `sealpost accounts list`.",
        (HttpStatusCode.NotFound, "install_not_found") => " See `sealpost installs list`, and check --account.",
        (HttpStatusCode.NotFound, "delivery_not_found") => " See `sealpost deliveries list`, and check --account.",
        (HttpStatusCode.NotFound, "token_not_found") => " See `sealpost tokens list`, and check --account.",
        (HttpStatusCode.NotFound, "app_key_not_found") => " See `sealpost keys list`, and check --account.",
        (HttpStatusCode.NotFound, "replay_not_found") => " See `sealpost replays list`, and check --account.",
        (HttpStatusCode.NotFound, "service_unknown") => " See `sealpost domains list`.",
        (HttpStatusCode.NotFound, _) => " Check the id and --account.",
        (HttpStatusCode.PreconditionFailed, _) => " Someone changed it meanwhile: run the command again.",
        (HttpStatusCode.Conflict, "idempotency_conflict") => " Use another --idempotency-key for other content.",
        (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, _) => " Try again later.",
        _ => "",
    };
}
