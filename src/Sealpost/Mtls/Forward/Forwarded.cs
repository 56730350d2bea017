using Sealpost.Sending;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// What came of a forward: the endpoint's answer, its body not read yet, or why there is none. To be disposed, which gives the context back.
/// </summary>
/// <param name="lease">What it was sent with.</param>
/// <param name="exchange">Of the request.</param>
/// <param name="message">The request.</param>
/// <param name="response">The answer; null: there is none.</param>
/// <param name="failure">Why there is none; null: there is one.</param>
internal sealed class Forwarded(TlsLease lease, Exchange exchange, HttpRequestMessage message, HttpResponseMessage? response, SendFailure? failure) : IDisposable
{
    public HttpResponseMessage? Response => response;

    public SendFailure? Failure => failure;

    public ForwardClock Clock => exchange.Clock;

    public void Dispose()
    {
        response?.Dispose();
        message.Dispose();
        exchange.Dispose();
        lease.Dispose();
    }
}
