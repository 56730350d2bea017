using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.Accounts.AppKeys;

/// <summary>How a route says that it takes app keys; what it says stays in its metadata.</summary>
internal static class AppKeyRoutes
{
    /// <summary>An app key with this privilege, and nothing else, opens the route.</summary>
    public static RouteHandlerBuilder NeedsAppKey(this RouteHandlerBuilder route, AppKeyPrivileges privilege) => route
        .WithMetadata(new PrivilegeOfRoute(privilege))
        .AddEndpointFilter(async (context, next) =>
            await GateOf(context).AdmitAsync(context.HttpContext, privilege) is { } problem ? problem : await next(context));

    /// <summary>A bearer with this need, or an app key with this privilege, opens the route.</summary>
    public static RouteHandlerBuilder NeedsBearerOrAppKey(this RouteHandlerBuilder route, Need need, AppKeyPrivileges privilege) => route
        .WithMetadata(new NeedOfRoute(need), new PrivilegeOfRoute(privilege))
        .AddEndpointFilter(async (context, next) => await Admit(context, need, privilege) is { } problem ? problem : await next(context));

    private static async Task<IResult?> Admit(EndpointFilterInvocationContext context, Need need, AppKeyPrivileges privilege)
    {
        var http = context.HttpContext;
        if (http.Request.Headers.Authorization.Any(AuthorizationHeader.IsOAuth))
        {
            return await GateOf(context).AdmitAsync(http, privilege);
        }

        var problem = Gate.Admit(http, http.RequestServices.GetRequiredService<Authenticator>(), need);
        if (problem is { Status: StatusCodes.Status401Unauthorized })
        {
            OAuthGate.AddChallenge(http.Response);
        }

        return problem;
    }

    private static OAuthGate GateOf(EndpointFilterInvocationContext context) => context.HttpContext.RequestServices.GetRequiredService<OAuthGate>();
}

/// <summary>The privilege that opens a route, in its metadata.</summary>
internal sealed record PrivilegeOfRoute(AppKeyPrivileges Privilege);
