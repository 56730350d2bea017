namespace Sealpost.Vault.HashiCorp;

/// <summary>When a request is worth to be sent again at once (security 4). Pure.</summary>
internal static class VaultRetry
{
    private const int MostTries = 3;

    // What HashiCorp's own client waits at least and at most.
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5)];

    /// <summary>Longer than this nobody waits inside a call: the cache's pause does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long to wait before the next try; null: this reply counts.</summary>
    /// <param name="reply">The reply to the last try.</param>
    /// <param name="tries">How many were made.</param>
    public static TimeSpan? Wait(VaultReply reply, int tries) => reply switch
    {
        _ when tries >= MostTries => null,
        // A connection from the pool that had ended meanwhile; a server that is gone says so a second time soon enough.
        { Status: 0, TimedOut: false } when tries == 1 => TimeSpan.Zero,
        { Status: 500 or 502 or 504 } => Waits[tries - 1],
        // A standby that has not yet heard of our last write.
        { Status: 412 } when IsBehind(reply) => Waits[tries - 1],
        { Status: 429, RetryAfter: { } wait } when wait <= Patience => wait < TimeSpan.Zero ? TimeSpan.Zero : wait,
        _ => null,
    };

    /// <summary>A 412 of a standby that lags behind, not of a proxy that misses a header.</summary>
    public static bool IsBehind(VaultReply reply) => reply.Mentions("index state");
}
