using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sealpost.Accounts;
using Sealpost.Hosting;

namespace Sealpost.Installs;

/// <summary>
/// What all calls about installs share (protocol 2): the path, the version, and <c>ac-revision</c> on every answer, errors too.
/// LivePerson's clients read that header without looking at the status first.
/// </summary>
internal static class InstallCalls
{
    private const string Path = "/api/account/{account}/configuration/app-install/installations";
    private const string Version = "1.0";
    private const string RevisionHeader = "ac-revision";

    /// <summary>The routes' common beginning.</summary>
    public static RouteGroupBuilder Group(IEndpointRouteBuilder routes) => routes.MapGroup(Path).AddEndpointFilter(CheckVersion);

    /// <summary>Lets a caller through who may; from then on the answer has the account's revision, unless the handler knows better.</summary>
    public static RouteHandlerBuilder Opens(this RouteHandlerBuilder route, Need need) =>
        route.Needs(need).AddEndpointFilter(ShowAccountRevision);

    public static void ShowRevision(HttpContext http, long revision) =>
        http.Response.Headers[RevisionHeader] = revision.ToString(CultureInfo.InvariantCulture);

    // A stranger is shown the revision of nothing.
    private static ValueTask<object?> CheckVersion(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        ShowRevision(http, 0);
        var versions = http.Request.Query["v"];
        return versions.Count == 0 || versions == Version
            ? next(context)
            : ValueTask.FromResult<object?>(new Problem(
                StatusCodes.Status400BadRequest, "version_unsupported", $"The version of these calls is v={Version}."));
    }

    private static ValueTask<object?> ShowAccountRevision(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var directory = http.RequestServices.GetRequiredService<InstallDirectory>();
        ShowRevision(http, directory.Snapshot(http.Admission().Account).Revision);
        return next(context);
    }
}
