using Sealpost.Vault;

namespace Sealpost.Accounts;

/// <summary>The administrator's token as far as it must be known: its hash, and the caller that it stands for.</summary>
internal sealed class AdministratorToken
{
    /// <summary>How the ids of administrators' tokens begin, among those of account tokens.</summary>
    public const string IdPrefix = "adm_";

    private readonly TokenHash _hash;

    public AdministratorToken(Secret token)
    {
        _hash = TokenHash.Of(token);
        Id = IdPrefix + Convert.ToHexStringLower(_hash.ToBytes().AsSpan(0, 8));
        Caller = new Caller(CallerKind.Administrator, null, TokenScopes.All, Id, "administrator");
    }

    /// <summary>Another token has another id: bearers given for a token that was replaced end with it.</summary>
    public string Id { get; }

    public Caller Caller { get; }

    public bool Is(TokenHash hash) => _hash == hash;
}
