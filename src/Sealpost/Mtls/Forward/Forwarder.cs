using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http;
using Sealpost.Sending;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// Sends one request to an endpoint and answers the caller with what came (protocol 5): (1) the request goes out, its body as it comes in,
/// (2) an answer below 400 passes as it is, (3) one of 400 and more is wrapped in a 424, (4) so is what kept it from answering. Thread safe.
/// </summary>
internal sealed class Forwarder(SendingOptions options, TimeProvider time)
{
    /// <summary>False where the context's certificate was taken out of use before anything was sent: choose again.</summary>
    public async Task<bool> TryForwardAsync(HttpContext http, ForwardRequest request, TlsContext context)
    {
        using var exchange = new Exchange(context, request.Body is not null, options, time);
        await using var aborting = http.RequestAborted.UnsafeRegister(static clock => ((ForwardClock)clock!).Stop(), exchange.Clock);
        using var message = request.ToMessage(exchange);
        var (response, failure) = await SendAsync(exchange, message, http);
        using (response)
        {
            if (response is not null)
            {
                await ForwardAnswer.WriteAsync(http, response, exchange.Clock);
            }
            else if (failure is { } known)
            {
                await ForwardAnswer.WriteAsync(http, known, exchange.Clock);
            }

            return response is not null || failure is not null;
        }
    }

    private static async Task<(HttpResponseMessage? Response, SendFailure? Failure)> SendAsync(Exchange exchange, HttpRequestMessage message, HttpContext http)
    {
        Exchange.Current = exchange;
        try
        {
            var response = await exchange.Context.Invoker.SendAsync(message, exchange.Clock.Token);
            exchange.Clock.Answered();
            return (response, null);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or ContextRetiredException || exchange.CallerFailure is not null)
        {
            return (null, Judge(e, exchange, http));
        }
        finally
        {
            Exchange.Current = null;
        }
    }

    // Null: nothing went out, and the certificate is not to be used any more.
    private static SendFailure? Judge(Exception e, Exchange exchange, HttpContext http)
    {
        // Nobody is there to be answered.
        http.RequestAborted.ThrowIfCancellationRequested();
        if (exchange.CallerFailure is { } failure)
        {
            // A body that is too large, too slow or malformed is the caller's, and answered as everywhere.
            ExceptionDispatchInfo.Throw(failure);
        }

        if (exchange is { HasBegun: false, Context.IsRetired: true })
        {
            return null;
        }

        if (exchange.Clock.Token.IsCancellationRequested)
        {
            return SendFailure.FromDeadline(exchange.Clock.Phase);
        }

        return e is HttpRequestException known
            ? CertificateRefusal.Judge(SendFailure.From(known), known, exchange.Context.PresentsCertificate, exchange.IsOnSilentConnection)
            // Cancelled, but not by this clock: the handler's own connect timeout was first, by a hair.
            : SendFailure.FromDeadline(AttemptPhase.Connecting);
    }
}
