using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sealpost.Hosting;

namespace Sealpost.Accounts;

/// <summary>
/// Lets a call through to its handler, or answers 401, 403 or 400. Each route that needs a caller says so with
/// <see cref="Needs"/>, which also leaves <see cref="NeedOfRoute"/> in its metadata.
/// </summary>
internal static class Gate
{
    /// <summary>The route's parameter that names the account.</summary>
    public const string AccountParameter = "account";

    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder route, Need need) => route
        .WithMetadata(new NeedOfRoute(need))
        .AddEndpointFilter((context, next) => Check(context, next, need));

    /// <summary>Who was let through, and the account of the path.</summary>
    public static Admission Admission(this HttpContext http) => http.Features.Get<Admission>()!;

    /// <summary>Lets the call through and remembers who was let through; else the answer that it gets.</summary>
    public static Problem? Admit(HttpContext http, Authenticator authenticator, Need need)
    {
        // Without a token there is nothing to guess, and nothing to compute.
        var presents = http.Request.Headers.Authorization.Count > 0;
        if (presents && authenticator.Failures.RefuseCredential(http) is { } tooMany)
        {
            return tooMany;
        }

        var named = http.Request.RouteValues.TryGetValue(AccountParameter, out var value);
        var wellFormed = AccountId.TryParse(value as string, out var account);
        var (verdict, caller) = authenticator.Authenticate(http.Request.Headers.Authorization, account, need);
        if (caller is null)
        {
            if (verdict == Verdict.Forbidden)
            {
                http.Features.Set(new RefusedCaller(authenticator.Identify(http.Request.Headers.Authorization)!));
            }
            else if (presents && verdict == Verdict.Unauthenticated)
            {
                authenticator.Failures.CredentialFailed(http);
            }

            return Refusal(http, verdict);
        }

        if (named && !wellFormed)
        {
            return AccountProblems.Malformed();
        }

        http.Features.Set(new Admission(caller, account));
        return null;
    }

    /// <summary>Whether a call that was let through would be still; for answers that take long.</summary>
    public static bool IsStillAdmitted(HttpContext http, Authenticator authenticator, Need need) =>
        authenticator.Authenticate(http.Request.Headers.Authorization, http.Admission().Account, need).Caller is not null;

    private static ValueTask<object?> Check(EndpointFilterInvocationContext context, EndpointFilterDelegate next, Need need)
    {
        var http = context.HttpContext;
        var problem = Admit(http, http.RequestServices.GetRequiredService<Authenticator>(), need);
        return problem is null ? next(context) : ValueTask.FromResult<object?>(problem);
    }

    private static Problem Refusal(HttpContext http, Verdict verdict)
    {
        if (verdict == Verdict.Forbidden)
        {
            return new Problem(StatusCodes.Status403Forbidden, "forbidden", "This token does not open this call.");
        }

        http.Response.Headers.WWWAuthenticate = "Bearer";
        return new Problem(StatusCodes.Status401Unauthorized, "unauthenticated", "A bearer token that is known here is needed.");
    }
}

/// <summary>What a route needs, in its metadata: a route without it is open to everyone.</summary>
internal sealed record NeedOfRoute(Need Need);

/// <summary>A caller who was let through.</summary>
/// <param name="Caller">Who it is.</param>
/// <param name="Account">The account of the path; default where the path names none.</param>
internal sealed record Admission(Caller Caller, AccountId Account);

/// <summary>A caller who is known and was not let through: 403.</summary>
internal sealed record RefusedCaller(Caller Caller);
