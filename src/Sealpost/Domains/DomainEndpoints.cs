using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Hosting;

namespace Sealpost.Domains;

/// <summary>
/// The Domain API (protocol 6): <c>GET /api/account/{a}/service/{service}/baseURI.json?version=1.0</c>, and the same without a
/// service for all of them. Nobody has to authenticate: it says where services are, and nothing about accounts.
/// </summary>
internal sealed class DomainEndpoints(DomainDirectory directory)
{
    private const string Version = "1.0";

    public void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.MapGroup($"/api/account/{{{Gate.AccountParameter}}}/service");
        services.MapGet("/baseURI.json", All);
        services.MapGet("/{service}/baseURI.json", One);
    }

    private IResult All(HttpContext http) => Read(http, out var account) is { } problem
        ? problem
        : Results.Json(new { baseURIs = directory.Of(account).Select(answer => Shape(account, answer)) });

    private IResult One(HttpContext http, string service)
    {
        if (Read(http, out var account) is { } problem)
        {
            return problem;
        }

        var answers = directory.Of(account).Where(answer => answer.Service == service).ToList();
        return answers.Count == 0
            ? new Problem(StatusCodes.Status404NotFound, "service_unknown", "There is no such service; names are case sensitive.")
            : Results.Json(Shape(account, answers[0]));
    }

    private static Problem? Read(HttpContext http, out AccountId account)
    {
        if (!AccountId.TryParse(http.Request.RouteValues[Gate.AccountParameter] as string, out account))
        {
            return AccountProblems.Malformed();
        }

        return http.Request.Query["version"] == Version
            ? null
            : new Problem(StatusCodes.Status400BadRequest, "version_invalid", $"The query parameter version must be {Version}.");
    }

    private static object Shape(AccountId account, DomainAnswer answer) =>
        new { service = answer.Service, account = account.Value, baseURI = answer.BaseUri };
}
