using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Sealpost.Storage;

namespace Sealpost.Hosting.Web;

/// <summary>
/// The outermost step of every request: whatever goes wrong inside becomes a problem with a stable code, and an error that
/// routing answers without a body (404, 405, 415) gets one.
/// </summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, SecurityHeaders security, ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (!http.Response.HasStarted && ProblemOf(e, http) is { } problem)
        {
            http.Response.Clear();
            security.Set(http);
            await problem.ExecuteAsync(http);
            return;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
        {
            await ForStatus(http.Response.StatusCode).ExecuteAsync(http);
        }
    }

    // Null: there is nobody left to answer.
    private Problem? ProblemOf(Exception e, HttpContext http)
    {
        switch (e)
        {
            case OperationCanceledException when http.RequestAborted.IsCancellationRequested:
                return null;
            case BadHttpRequestException bad:
                return ForStatus(bad.StatusCode);
            case StoreException { Fault: StoreFault.Full }:
                return new Problem(StatusCodes.Status503ServiceUnavailable, "store_full", "The disk is full: nothing was kept.")
                {
                    RetryAfter = TimeSpan.FromSeconds(10),
                };
            default:
                LogFailed(e, http.Request.Method, http.GetEndpoint()?.DisplayName ?? "no endpoint");
                return new Problem(StatusCodes.Status500InternalServerError, "internal", "The request failed here; the log says why.");
        }
    }

    private static Problem ForStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => new Problem(status, "bad_request", "The request is malformed."),
        StatusCodes.Status404NotFound => new Problem(status, "not_found", "There is nothing at this path."),
        StatusCodes.Status405MethodNotAllowed => new Problem(status, "method_not_allowed", "This path does not take this method; Allow names those it takes."),
        StatusCodes.Status408RequestTimeout => new Problem(status, "request_timeout", "The request's body did not arrive in time."),
        StatusCodes.Status413PayloadTooLarge => new Problem(status, "body_too_large", "The request's body is too large."),
        StatusCodes.Status415UnsupportedMediaType => new Problem(status, "unsupported_media_type", "This call does not take this content type."),
        _ => new Problem(status, "status_" + status, ReasonPhrases.GetReasonPhrase(status) + "."),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} at {Endpoint} failed")]
    private partial void LogFailed(Exception e, string method, string endpoint);
}
