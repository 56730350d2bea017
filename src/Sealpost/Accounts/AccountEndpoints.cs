using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;

namespace Sealpost.Accounts;

/// <summary>The accounts themselves, for the administrator (contract.md, HTTP).</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/accounts", List).Needs(Need.Administer);
        routes.MapPost("/api/accounts", Create).Needs(Need.Administer).Audited("accounts.create");
        routes.MapGet("/api/accounts/{account}", Show).Needs(Need.Administer);
        routes.MapDelete("/api/accounts/{account}", Delete).Needs(Need.Administer).Audited("accounts.delete");
    }

    private static IResult List(AccountDirectory accounts) => Results.Json(accounts.All.Select(Shape));

    /// <summary>201 for a new account, 200 for one that was there: any write of an administrator makes an account too.</summary>
    private static async Task<IResult> Create(HttpContext http, AccountDirectory accounts, AccountRegistry registry)
    {
        var (wish, problem) = await RequestBody.ReadJson<AccountWish>(http);
        if (wish is null)
        {
            return problem!;
        }

        if (!AccountId.TryParse(wish.Id, out var id))
        {
            return AccountProblems.Malformed();
        }

        http.NoteAct(id.Value);
        var isNew = !accounts.TryGet(id, out _);
        return Results.Json(Shape(registry.Ensure(id)), statusCode: isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static IResult Show(HttpContext http, AccountDirectory accounts)
    {
        var id = http.Admission().Account;
        return accounts.TryGet(id, out var account) ? Results.Json(Shape(account)) : AccountProblems.NotFound(id);
    }

    private static IResult Delete(HttpContext http, AccountRegistry registry)
    {
        var id = http.Admission().Account;
        return registry.Remove(id) switch
        {
            AccountRemoval.Removed => Results.NoContent(),
            AccountRemoval.NotFound => AccountProblems.NotFound(id),
            AccountRemoval.HasCertificates => new Problem(
                StatusCodes.Status409Conflict, "account_has_certificates", $"Account {id} has certificates: delete them first."),
            AccountRemoval.HasInstalls => new Problem(
                StatusCodes.Status409Conflict, "account_has_installs", $"Account {id} has app installs: delete them first."),
        };
    }

    private static AccountShape Shape(Account account) => new(account.Id.Value, Times.Text(account.CreatedAt));

    private sealed record AccountWish(string Id);

    private sealed record AccountShape(string Id, string CreatedAt);
}
