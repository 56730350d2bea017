using Microsoft.AspNetCore.Http;
using Sealpost.Hosting;

namespace Sealpost.Mtls.Forward;

/// <summary>What neither the forward nor the tester takes, whoever calls.</summary>
internal static class ForwardGate
{
    /// <summary>Null: go on.</summary>
    public static Problem? Refuse(HttpContext http, ForwardOptions options) =>
        options.HttpsOnly && !http.Request.IsHttps
            ? new Problem(StatusCodes.Status403Forbidden, "https_required", "A forward goes over HTTPS only.")
        : PassingHeaders.HasPassedHere(http.Request.Headers.Via)
            ? new Problem(StatusCodes.Status400BadRequest, "forward_loop", "This request was forwarded by this service already.")
        : null;
}
