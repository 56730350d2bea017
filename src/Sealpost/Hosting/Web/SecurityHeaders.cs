using Microsoft.AspNetCore.Http;

namespace Sealpost.Hosting.Web;

/// <summary>
/// What every answer carries: nothing is sniffed, nothing is kept by a cache, no path leaks as a referrer. What can be shown as a page
/// is framed by nobody and loads nothing, unless the page says what it needs.
/// </summary>
/// <param name="isStrict">The service presents a certificate that browsers know: over HTTPS they are told to come back over HTTPS alone.</param>
internal sealed class SecurityHeaders(bool isStrict)
{
    private const string Year = "max-age=31536000";

    public void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        if (HttpMethods.IsGet(http.Request.Method))
        {
            headers.XFrameOptions = "DENY";
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        }

        if (isStrict && http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = Year;
        }
    }
}
