using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Sealpost.Hosting.Web;

/// <summary><c>GET /</c>: one small page that says what runs here and where to look. It shows nothing that needs auth.</summary>
internal static class StatusPage
{
    private static readonly string Page = $"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Sealpost</title>
        <style>body{"{"}font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark{"}"}</style>
        <h1>Sealpost {Version}</h1>
        <p>Delivers events to HTTPS endpoints: signed, in order within each conversation, durable.</p>
        <ul>
        <li><a href="/health/ready">Is it ready?</a></li>
        <li><a href="/health/live">Is it alive?</a></li>
        <li><a href="/metrics">Metrics</a></li>
        <li><a href="/docs">The calls</a>, also as an <a href="/openapi/v1.json">OpenAPI document</a></li>
        </ul>
        </html>

        """;

    public static string Version => typeof(StatusPage).Assembly.GetName().Version!.ToString(3);

    public static void MapStatusPage(this IEndpointRouteBuilder routes) => routes.MapGet("/", async http =>
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        await http.Response.WriteAsync(Page, http.RequestAborted);
    });
}
