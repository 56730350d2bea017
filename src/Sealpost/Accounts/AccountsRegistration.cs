using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sealpost.Accounts.AppKeys;
using Sealpost.Accounts.Audit;
using Sealpost.Accounts.Failures;

namespace Sealpost.Accounts;

/// <summary>Puts the room together: what the host asks for, and its routes.</summary>
internal static class AccountsRegistration
{
    /// <summary>
    /// Loads accounts, tokens and app keys and registers <see cref="AccountDirectory"/>, <see cref="AccountRegistry"/>,
    /// <see cref="Authenticator"/>, <see cref="AppKeyDirectory"/> and <see cref="AuditBook"/>. At the first start it makes the platform's app key.
    /// </summary>
    public static IServiceCollection AddAccounts(
        this IServiceCollection services, AccountStores stores, AdministratorToken administrator, LoginOptions login, TimeProvider time, FailureLimits? failures = null)
    {
        var store = stores.Accounts;
        var accounts = new AccountDirectory(store.LoadAccounts());
        var appKeys = new AppKeyDirectory(stores.AppKeys.Load());
        var appKeyRegistry = new AppKeyRegistry(stores.AppKeys, appKeys, time);
        appKeyRegistry.EnsurePlatform();
        var tokens = new TokenDirectory(store.LoadTokens(time.GetUtcNow()).Where(token => StillGiven(token, administrator)));
        var authenticator = new Authenticator(administrator, tokens, time, failures);
        return services
            .AddSingleton(login)
            .AddSingleton(accounts)
            .AddSingleton(new AccountRegistry(store, accounts, tokens, appKeys, time))
            .AddSingleton(new TokenRegistry(store, tokens, time))
            .AddSingleton(authenticator)
            .AddSingleton(authenticator.Failures)
            .AddSingleton(appKeys)
            .AddSingleton(appKeyRegistry)
            .AddSingleton(provider => new AuditBook(stores.Audit, time, provider.GetRequiredService<ILogger<AuditBook>>()));
    }

    /// <summary>Registers <see cref="OAuthGate"/>, for the routes that take app keys.</summary>
    public static IServiceCollection AddOAuth(this IServiceCollection services, INonceStore store, OAuthOptions options, TimeProvider time) =>
        services.AddSingleton(provider => new OAuthGate(
            provider.GetRequiredService<AppKeyDirectory>(),
            new NonceBook(store, time, options.StoreBroken),
            options,
            provider.GetRequiredService<FailureLimits>(),
            time,
            provider.GetRequiredService<ILogger<OAuthGate>>()));

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        AccountEndpoints.Map(routes);
        TokenEndpoints.Map(routes);
        AppKeyEndpoints.Map(routes);
        LoginEndpoint.Map(routes);
        AuditEndpoints.Map(routes);
    }

    // A bearer given for an administrator's token ends when that token is replaced.
    private static bool StillGiven(StoredToken token, AdministratorToken administrator) =>
        token.Parent?.StartsWith(AdministratorToken.IdPrefix, StringComparison.Ordinal) != true || token.Parent == administrator.Id;
}

/// <summary>Where the room keeps what it has.</summary>
internal sealed record AccountStores(IAccountStore Accounts, IAppKeyStore AppKeys, IAuditStore Audit);
