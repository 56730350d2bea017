using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Sealpost.Accounts;

/// <summary>Puts the room together: what the host asks for, and its routes.</summary>
internal static class AccountsRegistration
{
    /// <summary>
    /// Loads accounts and tokens and registers <see cref="AccountDirectory"/>, <see cref="AccountRegistry"/> and
    /// <see cref="Authenticator"/>.
    /// </summary>
    public static IServiceCollection AddAccounts(
        this IServiceCollection services, IAccountStore store, AdministratorToken administrator, LoginOptions login, TimeProvider time)
    {
        var accounts = new AccountDirectory(store.LoadAccounts());
        var tokens = new TokenDirectory(store.LoadTokens(time.GetUtcNow()).Where(token => StillGiven(token, administrator)));
        return services
            .AddSingleton(login)
            .AddSingleton(accounts)
            .AddSingleton(new AccountRegistry(store, accounts, tokens, time))
            .AddSingleton(new TokenRegistry(store, tokens, time))
            .AddSingleton(new Authenticator(administrator, tokens, time));
    }

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        AccountEndpoints.Map(routes);
        TokenEndpoints.Map(routes);
        LoginEndpoint.Map(routes);
    }

    // A bearer given for an administrator's token ends when that token is replaced.
    private static bool StillGiven(StoredToken token, AdministratorToken administrator) =>
        token.Parent?.StartsWith(AdministratorToken.IdPrefix, StringComparison.Ordinal) != true || token.Parent == administrator.Id;
}
