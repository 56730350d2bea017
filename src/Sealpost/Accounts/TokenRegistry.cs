using Sealpost.Vault;

namespace Sealpost.Accounts;

/// <summary>The door for changes of tokens: the store first, then the directory. Thread safe.</summary>
internal sealed class TokenRegistry
{
    /// <summary>How long a login lasts (protocol 2).</summary>
    public static readonly TimeSpan BearerLife = TimeSpan.FromHours(8);

    private readonly IAccountStore _store;
    private readonly TokenDirectory _tokens;
    private readonly TimeProvider _time;
    private readonly Lock _changing = new();

    public TokenRegistry(IAccountStore store, TokenDirectory tokens, TimeProvider time)
    {
        _store = store;
        _tokens = tokens;
        _time = time;
    }

    public IReadOnlyList<StoredToken> Of(AccountId account) => _tokens.TokensOf(account);

    /// <summary>A new account token: its value is known to the caller of this alone. Null when the account is gone.</summary>
    public (StoredToken Token, Secret Value)? Issue(AccountId account, string name, TokenScopes scopes)
    {
        var value = TokenText.NewAccountToken();
        var token = new StoredToken
        {
            Id = TokenText.NewId(),
            Account = account,
            Kind = CallerKind.AccountToken,
            Name = name,
            Scopes = scopes,
            Hash = TokenHash.Of(value),
            CreatedAt = _time.GetUtcNow(),
        };
        return Keep(token) ? (token, value) : null;
    }

    /// <summary>
    /// A bearer that opens for 8 hours what the password's owner opens in this account. Null when the account, or the token that
    /// was the password, is gone.
    /// </summary>
    public (StoredToken Token, Secret Value)? Login(AccountId account, string userName, Caller owner)
    {
        var value = TokenText.NewBearer();
        var now = _time.GetUtcNow();
        var token = new StoredToken
        {
            Id = TokenText.NewId(),
            Account = account,
            Kind = CallerKind.LoginBearer,
            Name = userName,
            Scopes = owner.Scopes,
            Hash = TokenHash.Of(value),
            CreatedAt = now,
            ExpiresAt = now + BearerLife,
            Parent = owner.Id,
        };
        return Keep(token) ? (token, value) : null;
    }

    /// <summary>The token and the bearers given for it open nothing when this returns. False when the account has no such token.</summary>
    public bool Revoke(AccountId account, string id)
    {
        lock (_changing)
        {
            var removed = _store.RemoveToken(account, id);
            _tokens.Remove(token => removed.Contains(token.Id));
            return removed.Count > 0;
        }
    }

    private bool Keep(StoredToken token)
    {
        lock (_changing)
        {
            var kept = _store.Add(token);
            if (kept)
            {
                _tokens.Remove(other => token.CreatedAt >= other.ExpiresAt);
                _tokens.Add(token);
            }

            return kept;
        }
    }
}
