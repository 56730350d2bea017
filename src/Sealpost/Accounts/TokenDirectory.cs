using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Sealpost.Accounts;

/// <summary>
/// All tokens that open something, by their hash, in memory. Looking up takes no lock and allocates nothing; a token that was
/// removed opens nothing from then on. Thread safe.
/// </summary>
internal sealed class TokenDirectory
{
    private readonly ConcurrentDictionary<TokenHash, KnownToken> _byHash = new();
    private TaskCompletionSource _nextRemoval = NewSignal();

    public TokenDirectory(IEnumerable<StoredToken> tokens)
    {
        foreach (var token in tokens)
        {
            Add(token);
        }
    }

    /// <summary>Ends when the next token is removed, for whoever lets somebody in for longer than a call.</summary>
    public Task NextRemoval => Volatile.Read(ref _nextRemoval).Task;

    public bool TryFind(TokenHash hash, DateTimeOffset now, [NotNullWhen(true)] out Caller? caller)
    {
        caller = _byHash.TryGetValue(hash, out var known) && !(now >= known.Token.ExpiresAt) ? known.Caller : null;
        return caller is not null;
    }

    /// <summary>The account's tokens (bearers are not listed), oldest first.</summary>
    public IReadOnlyList<StoredToken> TokensOf(AccountId account) =>
    [
        .. _byHash.Values
            .Select(known => known.Token)
            .Where(token => token.Account == account && token.Kind == CallerKind.AccountToken)
            .OrderBy(token => token.CreatedAt)
            .ThenBy(token => token.Id, StringComparer.Ordinal),
    ];

    public void Add(StoredToken token) => _byHash[token.Hash] = new KnownToken(token, token.Caller);

    public void Remove(Func<StoredToken, bool> condition)
    {
        var isAny = false;
        foreach (var (hash, known) in _byHash)
        {
            if (condition(known.Token))
            {
                isAny |= _byHash.TryRemove(hash, out _);
            }
        }

        if (isAny)
        {
            Interlocked.Exchange(ref _nextRemoval, NewSignal()).TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The caller is made once, not at each of 20,000 calls a second.
    private sealed record KnownToken(StoredToken Token, Caller Caller);
}
