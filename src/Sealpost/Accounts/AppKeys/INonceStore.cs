namespace Sealpost.Accounts.AppKeys;

/// <summary>Keeps the nonces of verified requests, each once, for as long as their timestamps are taken.</summary>
internal interface INonceStore
{
    /// <summary>It knows every nonce that was taken since then; of what was taken before, nothing may be left.</summary>
    DateTimeOffset KnownSince { get; }

    /// <summary>One transaction, which outlives this process however it ends: keeps what is new, and deletes at most so many old ones.</summary>
    /// <param name="nonces">In the order in which they came.</param>
    /// <param name="forgetBefore">Older ones are deleted, oldest first.</param>
    /// <param name="forgetAtMost">Rows to delete at most.</param>
    /// <returns>For each nonce whether it was new.</returns>
    /// <exception cref="Storage.StoreException">Nothing was kept.</exception>
    IReadOnlyList<bool> Keep(IReadOnlyList<UsedNonce> nonces, DateTimeOffset forgetBefore, int forgetAtMost);
}
