using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Sealpost.Hosting.OpenApi;

/// <summary>
/// <c>GET /openapi/v1.json</c> and <c>/docs</c>: what this service can be asked for. No auth. The page runs no script, and loads nothing
/// but its own style.
/// </summary>
internal static class ApiEndpoints
{
    private const string PagePolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        var document = new ApiDocument();
        routes.MapGet("/openapi/v1.json", http => Answer(http, document.Json));
        routes.MapGet("/docs", http =>
        {
            http.Response.Headers.ContentSecurityPolicy = PagePolicy;
            return Answer(http, document.Page);
        });
        routes.MapGet("/docs/style.css", http => Answer(http, DocsStyle.File));
    }

    // Asked again each time, and sent again only when it has changed.
    private static async Task Answer(HttpContext http, ServedFile file)
    {
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.ETag = file.Tag;
        if (http.Request.Headers.IfNoneMatch.Contains(file.Tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = file.ContentType;
        http.Response.ContentLength = file.Bytes.Length;
        await http.Response.Body.WriteAsync(file.Bytes, http.RequestAborted);
    }
}
