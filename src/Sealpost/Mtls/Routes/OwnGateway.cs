using System.Net;
using Sealpost.Mtls.Forward;
using Sealpost.Mtls.Mappings;
using Sealpost.Sending;

namespace Sealpost.Mtls.Routes;

/// <summary>
/// The way through MTLS where this process is the gateway itself: the forward without a request to oneself (ADR 20). Mapping,
/// certificate, guard, deadlines and headers are the forward's; who calls needs no proof. Thread safe.
/// </summary>
internal sealed class OwnGateway(ChosenForward forward, TimeProvider time)
{
    /// <summary>Makes an attempt.</summary>
    /// <param name="attempt">What to send, and where.</param>
    /// <param name="stop">Nobody waits for the outcome any more.</param>
    /// <exception cref="OperationCanceledException">Nobody waits.</exception>
    public async ValueTask<Outcome> SendAsync(Attempt attempt, CancellationToken stop)
    {
        if (!ForwardUrl.TryParse(attempt.Webhook.Endpoint.OriginalString, out var url, out var fault))
        {
            return TransportAnswer.Unavailable($"the endpoint {fault}");
        }

        var order = new ForwardOrder { Url = url, Service = MtlsService.Webhooks };
        var sent = await forward.SendAsync(order, attempt.Install.Account, exchange => Request(attempt, url, exchange), hasBody: true, stop);
        using var forwarded = sent.Forwarded;
        return forwarded is null ? TransportAnswer.Unavailable(sent.WhyNot) : await ReadAsync(forwarded);
    }

    private HttpRequestMessage Request(Attempt attempt, ForwardUrl url, Exchange exchange)
    {
        var request = NotificationRequest.Create(attempt, url.Target, exchange, time.GetUtcNow());
        // One request at a time on a connection: which one it is on must be known.
        (request.Version, request.VersionPolicy) = (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
        foreach (var header in attempt.Webhook.Headers)
        {
            if (!PassingHeaders.PassesOn(header.Name, PassingHeaders.None) && !header.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
            {
                request.Headers.Remove(header.Name);
            }
        }

        request.Headers.TryAddWithoutValidation("Via", PassingHeaders.Via);
        return request;
    }

    private async ValueTask<Outcome> ReadAsync(Forwarded forwarded)
    {
        if (forwarded.Failure is { } failure)
        {
            return new Outcome { Kind = failure.Kind, Error = failure.Error, Duration = default };
        }

        var response = forwarded.Response!;
        forwarded.Clock.AwaitBody(ResponseBody.Time);
        var body = await ResponseBody.ReadAsync(response, forwarded.Clock.Token);
        return EndpointAnswer.Read(response, body, forwarded.Clock.ResponseTime, duration: default, time.GetUtcNow());
    }
}
