using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Hosting;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// The forward (protocol 5): <c>/mtls/account/{a}</c> with every method. The gate has let the caller in, and only for its account; then
/// (1) HTTPS, (2) the throttle, (3) the order, (4) what to send with, (5) the request goes on its way.
/// </summary>
internal sealed class ForwardEndpoint(ForwardOptions options, ForwardThrottle throttle, ChosenForward forward)
{
    private const string Path = "/mtls/account/{account}";

    /// <summary>A request's body at most; it is streamed, so it costs time and no memory.</summary>
    private const int MaxBodyBytes = 256 << 20;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods(Path, Methods, (Delegate)ForwardAsync).OpensToForwards();

    private async Task<IResult> ForwardAsync(HttpContext http)
    {
        var (caller, account) = http.Admission();
        if (ForwardGate.Refuse(http, options) is { } refusal)
        {
            return refusal;
        }

        if (throttle.Refuse(caller, account) is { } throttled)
        {
            return throttled;
        }

        var (order, problem) = ForwardOrder.Read(http.Request.Headers);
        if (order is null)
        {
            return problem!;
        }

        var (request, badHeader) = ForwardRequest.Of(http, order);
        if (request is null)
        {
            return new Problem(StatusCodes.Status400BadRequest, "header_invalid", $"The header {badHeader} holds characters that no header may.");
        }

        return TooLarge(http) ?? await SendAsync(http, account, order, request);
    }

    private async Task<IResult> SendAsync(HttpContext http, AccountId account, ForwardOrder order, ForwardRequest request)
    {
        var sent = await forward.SendAsync(order, account, request.ToMessage, request.Body is not null, http.RequestAborted);
        using var forwarded = sent.Forwarded;
        if (forwarded is null)
        {
            return sent.IsUnmapped
                ? new Problem(StatusCodes.Status400BadRequest, "certificate_not_found", sent.WhyNot)
                : new Problem(StatusCodes.Status503ServiceUnavailable, "certificate_unavailable", sent.WhyNot);
        }

        await ForwardAnswer.WriteAsync(http, forwarded);
        return Results.Empty;
    }

    // The server's own limit is for what is read into memory.
    private static Problem? TooLarge(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBodyBytes;
        }

        return http.Request.ContentLength > MaxBodyBytes ? RequestBody.TooLarge(MaxBodyBytes) : null;
    }
}
