using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.Accounts.AppKeys;

/// <summary>The app keys of an account (contract.md, HTTP). A key's secrets are shown once, when it is made.</summary>
internal static class AppKeyEndpoints
{
    private const string Collection = "/api/account/{account}/app-keys";
    private const string Item = Collection + "/{consumer_key}";
    private const int MaxNameLength = 128;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Collection, List).Needs(Need.Manage);
        routes.MapPost(Collection, Create).Needs(Need.Manage).Audited("app_keys.create");
        routes.MapGet(Item, Show).Needs(Need.Manage);
        routes.MapDelete(Item, Delete).Needs(Need.Manage).Audited("app_keys.delete");
    }

    private static IResult List(HttpContext http, AccountDirectory accounts, AppKeyDirectory keys)
    {
        var account = http.Admission().Account;
        return accounts.TryGet(account, out _)
            ? Results.Json(keys.Of(account).Select(Shape))
            : AccountProblems.NotFound(account);
    }

    private static async Task<IResult> Create(HttpContext http, AccountRegistry accounts, AppKeyRegistry registry)
    {
        var (caller, account) = http.Admission();
        var (wish, problem) = await RequestBody.ReadJson<KeyWish>(http);
        if (wish is null)
        {
            return problem!;
        }

        if (wish.Name.Length is 0 or > MaxNameLength || wish.Name.Any(char.IsControl))
        {
            return Invalid($"An app key's name is 1 to {MaxNameLength} characters without control characters.");
        }

        if (!PrivilegeNames.TryParse(wish.Privileges, out var privileges))
        {
            return Invalid($"An app key's privileges are one or more of {PrivilegeNames.Words}.");
        }

        if (caller.Kind == CallerKind.Administrator)
        {
            accounts.Ensure(account);
        }

        if (registry.Issue(account, wish.Name, privileges) is not { } key)
        {
            return AccountProblems.NotFound(account);
        }

        http.NoteAct(key.ConsumerKey, $"{key.Name}: {string.Join(", ", PrivilegeNames.Of(key.Privileges))}");
        return Results.Json(FileOf(key, account), statusCode: StatusCodes.Status201Created);
    }

    private static IResult Show(HttpContext http, AppKeyDirectory keys) =>
        keys.Find(NameOf(http))?.Key is { } key && key.Account == http.Admission().Account ? Results.Json(Shape(key)) : NotFound();

    private static IResult Delete(HttpContext http, AppKeyRegistry registry) =>
        registry.Revoke(http.Admission().Account, NameOf(http)) ? Results.NoContent() : NotFound();

    private static string NameOf(HttpContext http) => (string)http.Request.RouteValues["consumer_key"]!;

    private static Problem Invalid(string detail) => new(StatusCodes.Status400BadRequest, "app_key_invalid", detail);

    private static Problem NotFound() => new(StatusCodes.Status404NotFound, "app_key_not_found", "The account has no such app key.");

    private static KeyFile FileOf(AppKey key, AccountId account) => new()
    {
        ConsumerKey = key.ConsumerKey,
        ConsumerSecret = key.ConsumerSecret.Reveal(),
        Token = key.Token,
        TokenSecret = key.TokenSecret.Reveal(),
        Account = account.Value,
        Privileges = PrivilegeNames.Of(key.Privileges),
    };

    private static KeyShape Shape(AppKey key) => new(key.ConsumerKey, key.Name, PrivilegeNames.Of(key.Privileges), Times.Text(key.CreatedAt));

    private sealed record KeyWish(string Name, IReadOnlyList<string> Privileges);

    private sealed record KeyShape(
        [property: JsonPropertyName("consumer_key")] string ConsumerKey, string Name, IReadOnlyList<string> Privileges, string CreatedAt);
}
