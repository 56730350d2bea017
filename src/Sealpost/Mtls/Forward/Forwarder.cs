using System.Runtime.ExceptionServices;
using Sealpost.Sending;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// Sends one request to an endpoint with what a <see cref="TlsContext"/> presents, under the endpoint's deadlines, and says what came of
/// it. Thread safe.
/// </summary>
internal sealed class Forwarder(SendingOptions options, TimeProvider time)
{
    /// <summary>Null where the context's certificate was taken out of use before anything was sent: choose again.</summary>
    /// <param name="write">Makes the request.</param>
    /// <param name="hasBody">Whether it has a body, which says when it is written.</param>
    /// <param name="lease">What to send it with; given back with the answer, or here.</param>
    /// <param name="gone">Nobody waits for the answer any more.</param>
    /// <exception cref="OperationCanceledException">Nobody waits.</exception>
    public async Task<Forwarded?> SendAsync(Func<Exchange, HttpRequestMessage> write, bool hasBody, TlsLease lease, CancellationToken gone)
    {
        var exchange = new Exchange(lease.Context, hasBody, options, time, gone);
        HttpRequestMessage? message = null;
        HttpResponseMessage? response = null;
        SendFailure? failure = null;
        var isAnswered = false;
        try
        {
            message = write(exchange);
            (response, failure) = await SendAsync(exchange, message, gone);
            isAnswered = response is not null || failure is not null;
            return isAnswered ? new Forwarded(lease, exchange, message, response, failure) : null;
        }
        finally
        {
            if (!isAnswered)
            {
                message?.Dispose();
                exchange.Dispose();
                lease.Dispose();
            }
        }
    }

    private static async Task<(HttpResponseMessage? Response, SendFailure? Failure)> SendAsync(Exchange exchange, HttpRequestMessage message, CancellationToken gone)
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
            return (null, Judge(e, exchange, gone));
        }
        finally
        {
            Exchange.Current = null;
        }
    }

    // Null: nothing went out, and the certificate is not to be used any more.
    private static SendFailure? Judge(Exception e, Exchange exchange, CancellationToken gone)
    {
        // Nobody is there to be answered.
        gone.ThrowIfCancellationRequested();
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
