using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Sealpost.Hosting.Web;

/// <summary><c>GET /health/live</c> and <c>/health/ready</c>: 200, or 503 with the names of the checks that fail. No auth, no details.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes, Readiness readiness)
    {
        routes.MapGet("/health/live", http => Answer(http, "live", [], []));
        routes.MapGet("/health/ready", async http => await Answer(http, "ready", await readiness.Failing(), readiness.Degraded()));
    }

    private static async Task Answer(HttpContext http, string well, IReadOnlyList<string> failing, IReadOnlyList<string> degraded)
    {
        http.Response.StatusCode = failing.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", failing.Count == 0 ? well : "not_" + well);
        Write(json, "failing", failing);
        Write(json, "degraded", degraded);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> checks)
    {
        json.WriteStartArray(name);
        foreach (var check in checks)
        {
            json.WriteStringValue(check);
        }

        json.WriteEndArray();
    }
}
