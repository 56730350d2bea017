namespace Sealpost.Vault.HashiCorp;

/// <summary>
/// Requests with a token: (1) the present one, (2) tried again where that helps, (3) after a 403 one login, and the request once more.
/// </summary>
internal sealed class VaultCalls(VaultSession session, VaultTransport transport, TimeProvider time)
{
    /// <summary>All tries of one call together: nobody waits longer for the vault.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>The reply that counts, or the answer to give where there is no token.</summary>
    public async Task<(VaultReply Reply, VaultAnswer? NoToken)> SendAsync(VaultCall call, CancellationToken cancellation)
    {
        var given = await session.LeaseAsync(cancellation);
        if (given.Lease is not { } lease)
        {
            return (new VaultReply(0), given.Failure);
        }

        var reply = await TryAsync(call, lease.Token, cancellation);
        if (reply.Status != 403)
        {
            return (reply, null);
        }

        var instead = await session.LeaseInsteadAsync(lease, cancellation);
        return instead.Lease is { } other && !other.Token.Equals(lease.Token)
            ? (await TryAsync(call, other.Token, cancellation), null)
            : (reply, instead.Failure is { Verdict: VaultVerdict.Unavailable } outage ? outage : null);
    }

    private async Task<VaultReply> TryAsync(VaultCall call, Secret token, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            var reply = await transport.SendAsync(call, token, cancellation);
            if (VaultRetry.Wait(reply, tries) is not { } wait || time.GetElapsedTime(started) + wait >= Deadline)
            {
                return reply;
            }

            await Task.Delay(wait, time, cancellation);
        }
    }
}
