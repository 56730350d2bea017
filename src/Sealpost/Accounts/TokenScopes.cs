namespace Sealpost.Accounts;

/// <summary>What an account token opens (contract.md, HTTP). The numbers stand in the store.</summary>
[Flags]
public enum TokenScopes
{
    None = 0,

    /// <summary>Publish notifications.</summary>
    Publish = 1,

    /// <summary>See installs (without secrets), deliveries, state, events.</summary>
    Read = 2,

    /// <summary>Change everything of the account, its tokens included, and see what <see cref="Read"/> sees, with secrets.</summary>
    Manage = 4,

    All = Publish | Read | Manage,
}

/// <summary>The scopes' names outside.</summary>
internal static class ScopeNames
{
    private static readonly (TokenScopes Scope, string Name)[] Names =
        [(TokenScopes.Publish, "publish"), (TokenScopes.Read, "read"), (TokenScopes.Manage, "manage")];

    public static IReadOnlyList<string> Of(TokenScopes scopes) =>
        [.. Names.Where(known => scopes.HasFlag(known.Scope)).Select(known => known.Name)];

    /// <summary>False when there is no name, or one that is not a scope.</summary>
    public static bool TryParse(IReadOnlyCollection<string> names, out TokenScopes scopes)
    {
        scopes = TokenScopes.None;
        foreach (var name in names)
        {
            var known = Names.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.Ordinal));
            if (known.Scope == TokenScopes.None)
            {
                return false;
            }

            scopes |= known.Scope;
        }

        return scopes != TokenScopes.None;
    }
}
