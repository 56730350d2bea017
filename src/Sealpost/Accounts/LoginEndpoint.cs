using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;

namespace Sealpost.Accounts;

/// <summary>
/// A login (protocol 2): the password is the administrator's token or a <c>manage</c> token of the account, and the answer is a
/// bearer that opens this account for 8 hours. Every wrong password gets the same answer, whether or not the account exists.
/// </summary>
internal static class LoginEndpoint
{
    private const int MaxUserNameLength = 128;

    // Nobody is known yet: no more is read than a form with members of its own can need.
    private const int MaxFormBytes = 16 * 1024;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/account/{account}/login", Login).Audited("login");

    private static async Task<IResult> Login(
        HttpContext http, LoginOptions options, Authenticator authenticator, AccountRegistry accounts, TokenRegistry tokens)
    {
        if (options.HttpsOnly && !http.Request.IsHttps)
        {
            return new Problem(StatusCodes.Status403Forbidden, "https_required", "A login goes over HTTPS only.");
        }

        if (!AccountId.TryParse(http.Request.RouteValues[Gate.AccountParameter] as string, out var account))
        {
            return AccountProblems.Malformed();
        }

        if (authenticator.Failures.RefuseLogin(http) is { } tooMany)
        {
            return tooMany;
        }

        var (form, problem) = await ReadForm(http);
        if (form is null)
        {
            return problem!;
        }

        if (form.UserName.Length > MaxUserNameLength || form.UserName.Any(char.IsControl))
        {
            return new Problem(StatusCodes.Status400BadRequest, "username_invalid", $"A user name is up to {MaxUserNameLength} characters without control characters.");
        }

        if (Enter(account, form, authenticator, accounts, tokens) is var (token, value))
        {
            return Answer(http, token, value.Reveal(), options.Domains(account));
        }

        authenticator.Failures.LoginFailed(http);
        return new Problem(StatusCodes.Status401Unauthorized, "login_failed", "The user name or the password is wrong.");
    }

    private static async Task<(LoginForm? Form, Problem? Problem)> ReadForm(HttpContext http)
    {
        var (body, problem) = await RequestBody.Read(http, MaxFormBytes);
        return problem is null ? RequestBody.Parse<LoginForm>(body, lenient: true) : (null, problem);
    }

    private static (StoredToken Token, Vault.Secret Value)? Enter(
        AccountId account, LoginForm form, Authenticator authenticator, AccountRegistry accounts, TokenRegistry tokens)
    {
        var owner = authenticator.Owner(form.Password);

        // A bearer is no password: a login could otherwise be prolonged for ever after its token was revoked.
        if (owner is null or { Kind: CallerKind.LoginBearer } || CallerRules.Judge(owner, account, Need.Manage) != Verdict.Granted)
        {
            return null;
        }

        if (owner.Kind == CallerKind.Administrator)
        {
            accounts.Ensure(account);
        }

        return tokens.Login(account, form.UserName, owner);
    }

    private static IResult Answer(HttpContext http, StoredToken token, string bearer, IReadOnlyList<DomainAnswer> domains)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Features.Set(new Admission(token.Caller, token.Account));
        http.NoteAct(token.Id, $"a bearer for {TokenRegistry.BearerLife.TotalHours} hours, given for {token.Parent}");
        var account = token.Account.Value;
        return Results.Json(new LoginAnswer(
            bearer,
            TokenRegistry.BearerLife.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            new DomainCollection([.. domains.Select(domain => new DomainShape(domain.Service, account, domain.BaseUri))]),
            new LoginConfig(IsAdmin: true, IsLpa: false, token.Parent!, token.Name)));
    }

    private sealed record LoginForm(string Password, string UserName = "");

    private sealed record LoginAnswer(
        string Bearer, [property: JsonPropertyName("sessionTTl")] string SessionTtl, DomainCollection CsdsCollectionResponse, LoginConfig Config);

    private sealed record DomainCollection([property: JsonPropertyName("baseURIs")] IReadOnlyList<DomainShape> BaseUris);

    private sealed record DomainShape(string Service, string Account, [property: JsonPropertyName("baseURI")] string BaseUri);

    private sealed record LoginConfig(bool IsAdmin, [property: JsonPropertyName("isLPA")] bool IsLpa, string UserId, string LoginName);
}
