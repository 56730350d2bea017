using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;

namespace Sealpost.Accounts;

/// <summary>The tokens of an account (contract.md, HTTP). A token's value is shown once, when it is made.</summary>
internal static class TokenEndpoints
{
    private const int MaxNameLength = 128;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/account/{account}/tokens", List).Needs(Need.Manage);
        routes.MapPost("/api/account/{account}/tokens", Create).Needs(Need.Manage).Audited("tokens.create");
        routes.MapGet("/api/account/{account}/tokens/{id}", Show).Needs(Need.Manage);
        routes.MapDelete("/api/account/{account}/tokens/{id}", Delete).Needs(Need.Manage).Audited("tokens.revoke");
    }

    private static IResult List(HttpContext http, AccountDirectory accounts, TokenRegistry tokens)
    {
        var account = http.Admission().Account;
        return accounts.TryGet(account, out _)
            ? Results.Json(tokens.Of(account).Select(Shape))
            : AccountProblems.NotFound(account);
    }

    private static async Task<IResult> Create(HttpContext http, AccountRegistry accounts, TokenRegistry tokens)
    {
        var (caller, account) = http.Admission();
        var (wish, problem) = await RequestBody.ReadJson<TokenWish>(http);
        if (wish is null)
        {
            return problem!;
        }

        if (wish.Name.Length is 0 or > MaxNameLength || wish.Name.Any(char.IsControl))
        {
            return Invalid($"A token's name is 1 to {MaxNameLength} characters without control characters.");
        }

        if (!ScopeNames.TryParse(wish.Scopes, out var scopes))
        {
            return Invalid("A token's scopes are one or more of publish, read, manage.");
        }

        if (caller.Kind == CallerKind.Administrator)
        {
            accounts.Ensure(account);
        }

        if (tokens.Issue(account, wish.Name, scopes) is not { } issued)
        {
            return AccountProblems.NotFound(account);
        }

        http.NoteAct(issued.Token.Id, $"{wish.Name}: {string.Join(", ", ScopeNames.Of(scopes))}");
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new { issued.Token.Id, Token = issued.Value.Reveal() }, statusCode: StatusCodes.Status201Created);
    }

    private static IResult Show(HttpContext http, TokenRegistry tokens, string id) =>
        tokens.Of(http.Admission().Account).FirstOrDefault(token => token.Id == id) is { } found
            ? Results.Json(Shape(found))
            : NotFound();

    private static IResult Delete(HttpContext http, TokenRegistry tokens, string id) =>
        tokens.Revoke(http.Admission().Account, id) ? Results.NoContent() : NotFound();

    private static Problem Invalid(string detail) => new(StatusCodes.Status400BadRequest, "token_invalid", detail);

    private static Problem NotFound() => new(StatusCodes.Status404NotFound, "token_not_found", "The account has no such token.");

    private static TokenShape Shape(StoredToken token) =>
        new(token.Id, token.Name, ScopeNames.Of(token.Scopes), Times.Text(token.CreatedAt));

    private sealed record TokenWish(string Name, IReadOnlyList<string> Scopes);

    private sealed record TokenShape(string Id, string Name, IReadOnlyList<string> Scopes, string CreatedAt);
}
