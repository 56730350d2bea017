using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sealpost.Hosting;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.Accounts.AppKeys;

/// <summary>A request as it was on the wire, for its signature: the server's own view of it decodes paths and resolves dots.</summary>
internal static class ReceivedRequest
{
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>The request; a form's body is read for it and put back. A 413 when the form is too large.</summary>
    public static async Task<(SignedRequest? Request, Problem? Problem)> Read(HttpContext http, Uri? publicUrl)
    {
        var form = "";
        if (IsForm(http.Request.ContentType))
        {
            var (body, problem) = await RequestBody.Read(http);
            if (problem is not null)
            {
                return (null, problem);
            }

            http.Request.Body = new MemoryStream(body.ToArray(), writable: false);
            form = Encoding.UTF8.GetString(body.Span);
        }

        return (new SignedRequest
        {
            Method = http.Request.Method,
            Scheme = publicUrl?.Scheme ?? http.Request.Scheme,
            Host = publicUrl?.Authority ?? http.Request.Headers.Host.ToString(),
            Target = Target(http),
            Form = form,
        }, null);
    }

    /// <summary>
    /// Whether the path was sent as the server understood it. Where it was not (<c>%31</c>, <c>/../</c>), the account that was
    /// signed and the account that is acted on could differ.
    /// </summary>
    public static bool IsPathPlain(HttpContext http, SignedRequest request) =>
        string.Equals(request.Path, http.Request.PathBase + http.Request.Path, StringComparison.Ordinal);

    private static string Target(HttpContext http) => http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    private static bool IsForm(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && FormType.Equals(type.MediaType, StringComparison.OrdinalIgnoreCase);
}
