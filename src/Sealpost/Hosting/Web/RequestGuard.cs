using Microsoft.AspNetCore.Http;

namespace Sealpost.Hosting.Web;

/// <summary>
/// Refuses what a proxy in front of us may read differently than we do: a request with both a length and a transfer coding, or
/// with another coding than chunked, and a target that is no path of ours (security.md, P10).
/// </summary>
internal sealed class RequestGuard(RequestDelegate next, SecurityHeaders security)
{
    // Kestrel lets the transfer coding win and moves the length here.
    private const string MovedLength = "X-Content-Length";

    private static readonly Problem Ambiguous = new(
        StatusCodes.Status400BadRequest, "ambiguous_length", "The request has both Content-Length and Transfer-Encoding.");

    // Kestrel takes every list that ends in chunked, and undoes nothing but that.
    private static readonly Problem UnknownCoding = new(
        StatusCodes.Status400BadRequest, "unknown_transfer_coding", "The only transfer coding that is taken is chunked.");

    private static readonly Problem NoPath = new(
        StatusCodes.Status400BadRequest, "bad_target", "The request's target is not a path.");

    public Task InvokeAsync(HttpContext http)
    {
        security.Set(http);
        var headers = http.Request.Headers;
        if (headers.TransferEncoding.Count > 0 && (headers.ContentLength is not null || headers.ContainsKey(MovedLength)))
        {
            http.Response.Headers.Connection = "close";
            return Ambiguous.ExecuteAsync(http);
        }

        if (headers.TransferEncoding is [not null, ..] codings && !codings.ToString().Equals("chunked", StringComparison.OrdinalIgnoreCase))
        {
            http.Response.Headers.Connection = "close";
            return UnknownCoding.ExecuteAsync(http);
        }

        return http.Request.Path.HasValue ? next(http) : NoPath.ExecuteAsync(http);
    }
}
