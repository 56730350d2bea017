using Microsoft.AspNetCore.Http;

namespace Sealpost.Hosting.Web;

/// <summary>What every answer carries: nothing is sniffed, nothing is kept by a cache, no path leaks as a referrer.</summary>
internal static class SecurityHeaders
{
    public static void Set(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
