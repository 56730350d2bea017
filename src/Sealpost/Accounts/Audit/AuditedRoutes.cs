using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sealpost.Accounts.Audit;

/// <summary>
/// How a route says that it is an administrative act: each call of it is written down with what came of it, refused ones too, before
/// it is answered. What it says stays in its metadata, and a test holds that no route that changes something is without it.
/// </summary>
internal static class AuditedRoutes
{
    /// <param name="route">The route.</param>
    /// <param name="action">The act's name in the audit, such as <c>installs.create</c>.</param>
    public static RouteHandlerBuilder Audited(this RouteHandlerBuilder route, string action)
    {
        route.WithMetadata(new AuditedAs(action));

        // Outermost, before the filters of the route's group too: what any of them refuses is an act that was refused.
        route.Add(endpoint => endpoint.FilterFactories.Insert(0, (_, next) => context => RunAsync(context, next, action)));
        return route;
    }

    /// <summary>What the act is about, where the path does not name it, and a few words more. Neither is a secret.</summary>
    public static void NoteAct(this HttpContext http, string? target, string? detail = null) => http.Features.Set(new ActNote(target, detail));

    private static async ValueTask<object?> RunAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, string action)
    {
        var http = context.HttpContext;
        var book = http.RequestServices.GetRequiredService<AuditBook>();
        if (await book.RefuseAsync() is { } closed)
        {
            return closed;
        }

        try
        {
            var answer = await next(context);
            await book.RecordAsync(ActEntry.Of(http, action, answer));
            return answer;
        }
        catch (Exception e)
        {
            await book.RecordAsync(ActEntry.Of(http, action, e));
            throw;
        }
    }
}

/// <summary>The act's name, in the metadata of a route.</summary>
internal sealed record AuditedAs(string Action);

/// <summary>What a handler says of its act.</summary>
internal sealed record ActNote(string? Target, string? Detail);
