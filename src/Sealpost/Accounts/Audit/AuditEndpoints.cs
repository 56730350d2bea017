using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Hosting;

namespace Sealpost.Accounts.Audit;

/// <summary>
/// <c>GET /api/account/{a}/audit</c>: who changed what in an account, and who was refused; <c>GET /api/audit</c>, for the
/// administrator: the acts that belong to no account.
/// </summary>
internal static class AuditEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet($"/api/account/{{{Gate.AccountParameter}}}/audit", OfAccount).Needs(Need.Manage);
        routes.MapGet("/api/audit", OfNone).Needs(Need.Administer);
    }

    private static async Task<IResult> OfAccount(HttpContext http, AccountDirectory accounts, AuditBook book)
    {
        var account = http.Admission().Account;
        return accounts.TryGetNumber(account, out var number) ? await List(http, number, book) : AccountProblems.NotFound(account);
    }

    private static Task<IResult> OfNone(HttpContext http, AuditBook book) => List(http, 0, book);

    private static async Task<IResult> List(HttpContext http, int account, AuditBook book)
    {
        var (filter, problem) = AuditQuery.Read(http.Request.Query);
        if (filter is null)
        {
            return problem!;
        }

        // One more than asked for says whether there is a next page.
        var found = await book.ListAsync(account, filter with { Limit = filter.Limit + 1 });
        var page = found.Take(filter.Limit).ToList();
        return Results.Json(new PageShape(page.ConvertAll(Shape), found.Count > page.Count ? AuditCursor.Of(page[^1]).ToString() : null));
    }

    private static EntryShape Shape(AuditEntry entry) => new(
        string.Create(CultureInfo.InvariantCulture, $"aud_{entry.Id:x13}"),
        Times.Text(entry.At),
        new ActorShape(entry.Actor.Kind, entry.Actor.Id, entry.Actor.Name),
        entry.Action,
        entry.Target,
        WordOf(entry.Outcome),
        entry.Status,
        entry.Code,
        entry.Detail,
        entry.RemoteAddress,
        entry.Times,
        entry.Times > 1 ? Times.Text(entry.LastAt) : null);

    private static string WordOf(ActOutcome outcome) => outcome switch
    {
        ActOutcome.Done => "done",
        ActOutcome.Refused => "refused",
        ActOutcome.Failed => "failed",
    };

    private sealed record PageShape(IReadOnlyList<EntryShape> Items, string? Next);

    private sealed record ActorShape(string Kind, string? Id, string? Name);

    private sealed record EntryShape(
        string Id,
        string At,
        ActorShape Actor,
        string Action,
        string? Target,
        string Outcome,
        int Status,
        string? Code,
        string? Detail,
        string? RemoteAddress,
        int Times,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? LastAt);
}
