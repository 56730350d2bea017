using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;

namespace Sealpost.Installs;

/// <summary>What can be done with an install besides replacing it: enable, disable, rotate its secret (protocol 2, 3).</summary>
internal static class InstallActions
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var install = InstallCalls.Group(routes).MapGroup("/{client_id}");
        install.MapPost("/enable", Enable).Opens(Need.Manage).Audited("installs.enable");
        install.MapPost("/disable", Disable).Opens(Need.Manage).Audited("installs.disable");
        install.MapPost("/rotate-secret", RotateSecret).Opens(Need.Manage).Audited("installs.rotate");
    }

    private static IResult Enable(HttpContext http, InstallRegistry registry) =>
        Act(http, (account, clientId) => registry.Enable(account, clientId));

    private static IResult Disable(HttpContext http, InstallRegistry registry) =>
        Act(http, (account, clientId) => registry.Disable(account, clientId, DisabledReasons.Operator));

    /// <summary>The body is <c>{"overlap": seconds}</c>; without a body the new secret signs at once.</summary>
    private static async Task<IResult> RotateSecret(HttpContext http, InstallRegistry registry)
    {
        var (body, problem) = await RequestBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        var wish = new RotationWish();
        if (!body.IsEmpty)
        {
            (wish, problem) = RequestBody.Parse<RotationWish>(body);
            if (wish is null)
            {
                return problem!;
            }
        }

        return wish.Overlap < 0 || wish.Overlap > InstallRegistry.MaxOverlap.TotalSeconds
            ? new Problem(StatusCodes.Status400BadRequest, "overlap_invalid", $"overlap is 0 to {InstallRegistry.MaxOverlap.TotalSeconds} seconds.")
            : Act(http, (account, clientId) => registry.RotateSecret(account, clientId, TimeSpan.FromSeconds(wish.Overlap)));
    }

    private static IResult Act(HttpContext http, Func<AccountId, Guid, InstallChange> act) => InstallEndpoints.ClientId(http) is { } clientId
        ? InstallAnswers.Of(act(http.Admission().Account, clientId), http)
        : InstallAnswers.NotFound();

    private sealed record RotationWish(int Overlap = 0);
}
