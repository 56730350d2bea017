using Sealpost.Accounts;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// Sends a request with what is mapped to it; where the certificate is replaced before anything went out, it chooses again. Thread safe.
/// </summary>
internal sealed class ChosenForward(ContextChoice choice, Forwarder forwarder)
{
    /// <summary>Nobody replaces a certificate so often.</summary>
    private const int MostTries = 5;

    /// <param name="order">Where to, for which service, and whether a mapping is needed.</param>
    /// <param name="account">Whose mapping.</param>
    /// <param name="write">Makes the request.</param>
    /// <param name="hasBody">Whether it has a body, which says when it is written.</param>
    /// <param name="gone">Nobody waits for the answer any more.</param>
    /// <exception cref="OperationCanceledException">Nobody waits.</exception>
    public async Task<Sent> SendAsync(
        ForwardOrder order, AccountId account, Func<Exchange, HttpRequestMessage> write, bool hasBody, CancellationToken gone)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var chosen = await choice.ChooseAsync(account, order.Service, order.Url, gone);
            if (chosen.Lease is not { } lease)
            {
                return new Sent(null, IsUnmapped: false, chosen.WhyNot);
            }

            if (order.StopsWithoutCertificate && !chosen.IsMapped)
            {
                lease.Dispose();
                return new Sent(null, IsUnmapped: true, "No certificate is mapped to this account, service and URL; nothing was sent.");
            }

            if (await forwarder.SendAsync(write, hasBody, lease, gone) is { } forwarded)
            {
                return new Sent(forwarded, IsUnmapped: false, "");
            }
        }

        return new Sent(null, IsUnmapped: false, "The certificate that is mapped to this URL is being changed; nothing was sent.");
    }
}

/// <summary>What came of it.</summary>
/// <param name="Forwarded">To be disposed; null: nothing was sent.</param>
/// <param name="IsUnmapped">Nothing was sent because a mapping was needed.</param>
/// <param name="WhyNot">A sentence for the caller, where nothing was sent.</param>
internal readonly record struct Sent(Forwarded? Forwarded, bool IsUnmapped, string WhyNot);
