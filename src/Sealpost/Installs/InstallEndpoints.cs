using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;
using Sealpost.Protocol.Installs;

namespace Sealpost.Installs;

/// <summary>App installs as LivePerson's Connector App Hub calls them (protocol 2).</summary>
internal static class InstallEndpoints
{
    private const string Item = "/{client_id}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var installs = InstallCalls.Group(routes);
        installs.MapGet("", List).Opens(Need.Read);
        installs.MapPost("", Create).Opens(Need.Manage).Audited("installs.create");
        installs.MapGet(Item, Show).Opens(Need.Read);
        installs.MapPut(Item, Replace).Opens(Need.Manage).Audited("installs.edit");
        installs.MapPost(Item, ReplaceByPost).Opens(Need.Manage).Audited("installs.edit");
        installs.MapDelete(Item, Delete).Opens(Need.Manage).Audited("installs.delete");
    }

    private static IResult List(HttpContext http, AccountDirectory accounts, InstallDirectory directory)
    {
        var (caller, account) = http.Admission();
        return accounts.TryGet(account, out _)
            ? InstallAnswers.Many(directory.Snapshot(account), caller)
            : AccountProblems.NotFound(account);
    }

    private static IResult Show(HttpContext http, InstallDirectory directory)
    {
        var (caller, account) = http.Admission();
        return ClientId(http) is { } clientId && directory.Find(account, clientId) is { } install
            ? InstallAnswers.One(install, caller)
            : InstallAnswers.NotFound();
    }

    private static async Task<IResult> Create(HttpContext http, AccountRegistry accounts, InstallRegistry registry)
    {
        var (caller, account) = http.Admission();
        var (body, problem) = await RequestBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        var result = ManifestReader.Read(body);
        if (result.Manifest is not { } manifest)
        {
            return InstallAnswers.Invalid(result.Errors);
        }

        var (identity, error) = ImportedIdentity.Choose(result, caller);
        if (identity is null)
        {
            return InstallAnswers.Invalid([error!]);
        }

        if (caller.Kind == CallerKind.Administrator)
        {
            accounts.Ensure(account);
        }

        return InstallAnswers.Of(registry.Create(account, manifest, identity), http, StatusCodes.Status201Created);
    }

    private static async Task<IResult> Replace(HttpContext http, InstallRegistry registry)
    {
        var account = http.Admission().Account;
        if (ClientId(http) is not { } clientId)
        {
            return InstallAnswers.NotFound();
        }

        var (body, problem) = await RequestBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        var result = ManifestReader.Read(body);
        return result.Manifest is { } manifest
            ? InstallAnswers.Of(registry.Replace(account, clientId, manifest, IfMatch.Read(http.Request.Headers.IfMatch)), http)
            : InstallAnswers.Invalid(result.Errors);
    }

    /// <summary>A PUT of those whose network lets no PUT pass.</summary>
    private static async Task<IResult> ReplaceByPost(HttpContext http, InstallRegistry registry)
    {
        if (string.Equals(http.Request.Headers["X-HTTP-Method-Override"], HttpMethods.Put, StringComparison.OrdinalIgnoreCase))
        {
            return await Replace(http, registry);
        }

        http.Response.Headers.Allow = "GET, PUT, DELETE";
        return new Problem(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "A POST here needs X-HTTP-Method-Override: PUT.");
    }

    // The body is not read: the Hub sends "[object Object]".
    private static IResult Delete(HttpContext http, InstallRegistry registry) => ClientId(http) is { } clientId
        ? InstallAnswers.Of(registry.Delete(http.Admission().Account, clientId, IfMatch.Read(http.Request.Headers.IfMatch)), http)
        : InstallAnswers.NotFound();

    /// <summary>The install that the path names; null when it cannot be one of ours.</summary>
    internal static Guid? ClientId(HttpContext http) =>
        Guid.TryParseExact(http.Request.RouteValues["client_id"] as string, "D", out var id) ? id : null;
}
