using System.Net;
using Sealpost.Domains;
using Sealpost.Mtls.Mappings;
using Sealpost.Sending;

namespace Sealpost.Mtls.Routes;

/// <summary>
/// Makes attempts through the MTLS service (seed): the notification's own request, sent to <c>/mtls/account/{a}</c> of the gateway, signed
/// with the platform's app key. What comes back is the endpoint's doing or MTLS's own (<see cref="TransportAnswer"/>). Where this process is
/// the gateway, it goes to the forward without a request to itself. Thread safe.
/// </summary>
/// <param name="own">This process, when it is the gateway.</param>
/// <param name="here">Its forward.</param>
/// <param name="hop">Sends to the gateway.</param>
/// <param name="domains">Knows the gateway.</param>
/// <param name="signer">Signs.</param>
/// <param name="options">The endpoint's deadlines; this hop has their sum and <see cref="Margin"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class MtlsSender(
    OwnProcess own, OwnGateway here, HttpMessageInvoker hop, DomainClient domains, SignedHop signer, SendingOptions options, TimeProvider time)
{
    /// <summary>What MTLS itself may take beyond the endpoint's deadlines (protocol 5).</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <inheritdoc cref="DirectSender.SendAsync"/>
    public async ValueTask<Outcome> SendAsync(Attempt attempt, CancellationToken stop)
    {
        using var clock = new AttemptClock(options, time, options.ConnectTimeout + options.ResponseTimeout + Margin);
        clock.Start();
        await using var stopping = stop.UnsafeRegister(static clock => ((AttemptClock)clock!).Stop(), clock);
        try
        {
            var gateway = await domains.FindAsync(attempt.Install.Account, clock.Token);
            var outcome = own.IsAt(gateway) ? await here.SendAsync(attempt, clock.Token) : await SendAsync(attempt, gateway, clock);
            return outcome with { Duration = clock.Elapsed, Route = Route.Mtls };
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
        {
            return Failed(e, clock) with { Duration = clock.Elapsed, Route = Route.Mtls };
        }
    }

    private async ValueTask<Outcome> SendAsync(Attempt attempt, Uri gateway, AttemptClock clock)
    {
        var target = new Uri(gateway, $"/mtls/account/{attempt.Install.Account.Value}");
        using var request = NotificationRequest.Create(attempt, target, clock, time.GetUtcNow());
        Redirect(request, attempt);
        using var response = await hop.SendAsync(request, clock.Token);
        var took = clock.Answered();
        var body = await ResponseBody.ReadAsync(response, clock.Token);
        return TransportAnswer.Read(response, body, took, time.GetUtcNow());
    }

    private void Redirect(HttpRequestMessage request, Attempt attempt)
    {
        var headers = request.Headers;
        if (headers.NonValidated.TryGetValues("Authorization", out var own))
        {
            headers.Remove("Authorization");
            headers.TryAddWithoutValidation(TransportHeaders.AuthorizationOverride, own.ToString());
        }

        // Measured: a connection for each request in flight costs less than streams of few.
        (request.Version, request.VersionPolicy) = (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
        headers.TryAddWithoutValidation(TransportHeaders.ServiceName, MtlsServices.Name(MtlsService.Webhooks));
        headers.TryAddWithoutValidation(TransportHeaders.ForwardUrl, attempt.Webhook.Endpoint.OriginalString);
        signer.Sign(request);
    }

    private static Outcome Failed(Exception failure, AttemptClock clock) => clock.Stopped
        ? new Outcome { Kind = OutcomeKind.Abandoned, Error = SendFailure.FromStop().Error, Duration = default }
        : TransportAnswer.Unavailable(
            clock.Token.IsCancellationRequested ? "the MTLS service gave no answer in time"
            : failure is HttpRequestException { StatusCode: null, HttpRequestError: HttpRequestError.Unknown } told ? $"the MTLS service was not found: {told.Message}"
            : $"the MTLS service was not reached ({TransportErrors.Of(failure is HttpRequestException known ? SendFailure.From(known).Kind : OutcomeKind.ConnectTimeout)})");
}
