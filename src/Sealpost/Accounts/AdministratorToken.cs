using Sealpost.Vault;

namespace Sealpost.Accounts;

/// <summary>The administrator's token: from the environment, or from <c>DIR/admin-token</c> (mode 0600), made at the first start.</summary>
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

    /// <param name="path">The token's file.</param>
    /// <param name="fromEnvironment">The value of <c>SEALPOST_ADMIN_TOKEN</c>, which overrides the file; null: the file.</param>
    /// <exception cref="VaultException">The file is empty, open to others, or cannot be read or written.</exception>
    public static AdministratorToken Open(string path, Secret? fromEnvironment)
    {
        if (fromEnvironment is not null)
        {
            return new AdministratorToken(fromEnvironment);
        }

        if (!File.Exists(path))
        {
            PrivateFile.Create(path, TokenText.NewAdministratorToken());
        }

        return new AdministratorToken(PrivateFile.Read(path));
    }

    public bool Is(TokenHash hash) => _hash == hash;
}
