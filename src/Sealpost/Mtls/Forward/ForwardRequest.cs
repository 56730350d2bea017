using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sealpost.Mtls.Mappings;

namespace Sealpost.Mtls.Forward;

/// <summary>A request as the endpoint is to get it.</summary>
internal sealed record ForwardRequest
{
    public required string Method { get; init; }

    public required ForwardUrl Url { get; init; }

    /// <summary>Well-formed ones alone.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>Null: none.</summary>
    public ForwardBody? Body { get; init; }

    /// <summary>The caller's request with what passes on of it; null with the name of a header that is none.</summary>
    public static (ForwardRequest? Request, string? BadHeader) Of(HttpContext http, ForwardOrder order)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (order.Authorization is { } authorization)
        {
            headers.Add(new("Authorization", authorization));
        }

        var ofConnection = PassingHeaders.NamedBy(http.Request.Headers.Connection);
        headers.AddRange(http.Request.Headers
            .Where(header => PassingHeaders.PassesOn(header.Key, ofConnection))
            .SelectMany(header => header.Value, (header, value) => KeyValuePair.Create(header.Key, value ?? "")));
        foreach (var (name, value) in headers)
        {
            if (!PassingHeaders.IsWellFormed(name, value))
            {
                return (null, name);
            }
        }

        var hasBody = http.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody;
        return (new ForwardRequest
        {
            Method = http.Request.Method,
            Url = order.Url,
            Headers = headers,
            Body = hasBody ? new ForwardBody(http.Request.Body, http.Request.ContentLength) : null,
        }, null);
    }

    /// <summary>The request as the platform sends it.</summary>
    public HttpRequestMessage ToMessage(Exchange exchange)
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), Url.Target)
        {
            // One request at a time on a connection: which one it is on must be known.
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = Body is null ? null : new ForwardContent(Body, exchange),
        };
        foreach (var (name, value) in Headers)
        {
            // The platform files some names, such as Content-Type, under the content and takes them nowhere else.
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content ??= new ByteArrayContent([]);
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        message.Headers.TryAddWithoutValidation("Via", PassingHeaders.Via);
        return message;
    }
}
