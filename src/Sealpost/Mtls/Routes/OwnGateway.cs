using System.Net;
using Sealpost.Mtls.Forward;
using Sealpost.Mtls.Mappings;
using Sealpost.Sending;

namespace Sealpost.Mtls.Routes;

/// <summary>
/// The way through MTLS where this process is the gateway itself: the forward without a request to oneself (ADR 20). Mapping,
/// certificate, guard, deadlines and headers are the forward's; who calls needs no proof. Thread safe.
/// </summary>
internal sealed class OwnGateway(ContextChoice choice, Forwarder forwarder, TimeProvider time)
{
    /// <summary>A certificate that is replaced before anything was sent is looked up again.</summary>
    private const int MostTries = 5;

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

        for (var tries = 0; tries < MostTries; tries++)
        {
            var chosen = await choice.ChooseAsync(attempt.Install.Account, MtlsService.Webhooks, url, stop);
            using var lease = chosen.Lease;
            if (lease is null)
            {
                return TransportAnswer.Unavailable(chosen.WhyNot);
            }

            using var forwarded = await forwarder.SendAsync(exchange => Request(attempt, url, exchange), hasBody: true, lease.Context, stop);
            if (forwarded is not null)
            {
                return await ReadAsync(forwarded);
            }
        }

        return TransportAnswer.Unavailable("the certificate is being changed");
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
