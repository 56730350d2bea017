using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Hosting;
using Sealpost.Mtls.Certificates;
using Sealpost.Mtls.P12;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// Tries a p12 on an endpoint before it is uploaded (protocol 5): one request with that certificate, and the endpoint's answer as the
/// forward gives it. Nothing is stored; guard, deadlines and throttle are the forward's.
/// </summary>
internal sealed class P12TestEndpoint(ForwardOptions options, ForwardThrottle throttle, P12Readings readings, TlsContexts contexts, Forwarder forwarder)
{
    private const string Path = "/mtls/account/{account}/p12-test/multipart";

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost(Path, (Delegate)TestAsync).Opens(MtlsAccess.Write);

    private async Task<IResult> TestAsync(HttpContext http)
    {
        var (caller, account) = http.Admission();
        if ((ForwardGate.Refuse(http, options) ?? throttle.Refuse(caller, account)) is { } refusal)
        {
            return refusal;
        }

        var (order, problem) = ForwardOrder.Read(http.Request.Headers);
        if (order is null)
        {
            return problem!;
        }

        (var form, problem) = await P12TestForm.ReadAsync(http);
        if (form is null)
        {
            return problem!;
        }

        (var request, problem) = Request(http.Request.Headers, order, form);
        return request is null ? problem! : await SendAsync(http, form, request);
    }

    private async Task<IResult> SendAsync(HttpContext http, P12TestForm form, ForwardRequest request)
    {
        var reading = await readings.ReadAsync(form.P12, form.Password, http.RequestAborted);
        if (reading.Material is not { } material)
        {
            return CertificateAnswers.Refused(reading, which: null);
        }

        // A context of its own is never retired: there is always an answer.
        using var forwarded = await forwarder.SendAsync(request.ToMessage, request.Body is not null, contexts.LendOnce(material), http.RequestAborted);
        await ForwardAnswer.WriteAsync(http, forwarded!);
        return Results.Empty;
    }

    private static (ForwardRequest? Request, Problem? Problem) Request(IHeaderDictionary sent, ForwardOrder order, P12TestForm form)
    {
        string method = sent[TransportHeaders.MethodOverride] is [{ Length: > 0 } other] ? other.ToUpperInvariant() : HttpMethods.Post;
        if (sent[TransportHeaders.MethodOverride].Count > 1 || !Methods.Contains(method))
        {
            return (null, Invalid(TransportHeaders.MethodOverride, $"must be one of {string.Join(", ", Methods)}"));
        }

        var contentType = sent[TransportHeaders.ContentTypeOverride] is [{ Length: > 0 } type] ? type : form.ContentType;
        List<KeyValuePair<string, string>> headers = [];
        headers.AddRange(order.Authorization is { } authorization ? [new("Authorization", authorization)] : []);
        headers.AddRange(contentType is not null ? [new("Content-Type", contentType)] : []);
        if (sent[TransportHeaders.ContentTypeOverride].Count > 1 || headers.Exists(header => !PassingHeaders.IsWellFormed(header.Key, header.Value)))
        {
            return (null, Invalid(TransportHeaders.ContentTypeOverride, "or another override is not one header's value"));
        }

        var isBare = form.Body.Length == 0 && method is ("GET" or "HEAD" or "DELETE");
        return (new ForwardRequest
        {
            Method = method,
            Url = order.Url,
            Headers = headers,
            Body = isBare ? null : new ForwardBody(new MemoryStream(form.Body, writable: false), form.Body.Length),
        }, null);
    }

    private static Problem Invalid(string header, string fault) =>
        new(StatusCodes.Status400BadRequest, "transport_header_invalid", $"{header} {fault}.");
}
