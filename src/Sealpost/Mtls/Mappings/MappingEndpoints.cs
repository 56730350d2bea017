using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;
using Sealpost.Mtls.Certificates;

namespace Sealpost.Mtls.Mappings;

/// <summary>
/// Mapping objects (protocol 5). A call is all or nothing. PUT and DELETE find a mapping by its <c>id</c>, else by its <c>name</c>; a
/// PUT with <c>deleted</c> removes it.
/// </summary>
internal sealed class MappingEndpoints(MappingRegistry mappings, CertificateDirectory certificates, AccountDirectory accounts, AccountRegistry registry)
{
    private const string Path = "/api/account/{account}/configuration/ac-common/mtls";
    private const string Version = "3.0";
    private const string Plural = "mappings";

    public void Map(IEndpointRouteBuilder routes)
    {
        var calls = routes.MapGroup(Path).AddEndpointFilter(CheckVersion);
        calls.MapGet("", List).Opens(MtlsAccess.Read);
        calls.MapPost("", (Delegate)Create).Opens(MtlsAccess.Write).Audited("mappings.create");
        calls.MapPut("", (Delegate)Change).Opens(MtlsAccess.Write).Audited("mappings.edit");
        calls.MapDelete("", (Delegate)Delete).Opens(MtlsAccess.Write).Audited("mappings.delete");
    }

    private IResult List(HttpContext http)
    {
        var account = http.Admission().Account;
        return accounts.TryGet(account, out _) ? Results.Json(mappings.Directory.Of(account).Select(mapping => Shape(mapping))) : AccountProblems.NotFound(account);
    }

    private async Task<IResult> Create(HttpContext http)
    {
        var (caller, account) = http.Admission();
        var (wishes, problem) = await MappingBody.ReadAsync<MappingWish>(http, Plural);
        if (wishes is null)
        {
            return problem!;
        }

        if (wishes.Any(wish => wish.Deleted == true))
        {
            return new Problem(StatusCodes.Status400BadRequest, "mapping_deleted", "A POST adds mappings: it takes none with deleted. DELETE, or PUT with deleted, removes one.");
        }

        if (caller.Kind == CallerKind.Administrator)
        {
            registry.Ensure(account);
        }

        var (read, broken) = Read(account, wishes.Select(wish => (wish, default(Mapping?))));
        return broken ?? Answer(http, mappings.Change(account, [], read), [], StatusCodes.Status201Created);
    }

    private async Task<IResult> Change(HttpContext http)
    {
        var account = http.Admission().Account;
        var (wishes, problem) = await MappingBody.ReadAsync<MappingWish>(http, Plural);
        return wishes is null ? problem! : mappings.Alone(() => ChangeAlone(http, account, wishes));
    }

    private IResult ChangeAlone(HttpContext http, AccountId account, IReadOnlyList<MappingWish> wishes)
    {
        var (found, problem) = Find(account, wishes);
        if (found is null)
        {
            return problem!;
        }

        var (read, broken) = Read(account, found.Where(pair => pair.Wish.Deleted != true));
        List<Mapping> removed = [.. found.Where(pair => pair.Wish.Deleted == true).Select(pair => pair.Mapping!)];
        return broken ?? Answer(http, mappings.Change(account, [.. removed.Select(mapping => mapping.Id)], read), removed, StatusCodes.Status200OK);
    }

    private async Task<IResult> Delete(HttpContext http)
    {
        var account = http.Admission().Account;
        var (wishes, problem) = await NamedAsync(http);
        return wishes is null ? problem! : mappings.Alone(() => DeleteAlone(http, account, wishes));
    }

    private IResult DeleteAlone(HttpContext http, AccountId account, IReadOnlyList<MappingWish> wishes)
    {
        var (found, problem) = Find(account, wishes);
        if (found is null)
        {
            return problem!;
        }

        List<Mapping> removed = [.. found.Select(pair => pair.Mapping!)];
        return Answer(http, mappings.Change(account, [.. removed.Select(mapping => mapping.Id)], []), removed, StatusCodes.Status200OK);
    }

    // The query serves those whose client sends no body with a DELETE.
    private static async Task<(IReadOnlyList<MappingWish>? Wishes, Problem? Problem)> NamedAsync(HttpContext http) =>
        http.Request.Query["name"] is [{ Length: > 0 } name]
            ? ([new MappingWish { Name = name }], null)
            : await MappingBody.ReadAsync<MappingWish>(http, Plural);

    private (IReadOnlyList<(MappingWish Wish, Mapping? Mapping)>? Found, Problem? Problem) Find(AccountId account, IReadOnlyList<MappingWish> wishes)
    {
        if (wishes.Any(wish => MappingWish.Text(wish.Id) is null && string.IsNullOrEmpty(wish.Name)))
        {
            return (null, new Problem(StatusCodes.Status400BadRequest, "mapping_unnamed", "Each mapping of the list is named by its id or by its name."));
        }

        var all = mappings.Directory.Of(account);
        var found = wishes.Select(wish => (Wish: wish, Mapping: Find(all, wish))).ToList();
        return found.Find(pair => pair.Mapping is null) is { Wish: { } missing }
            ? (null, NotFound(MappingWish.Text(missing.Id) ?? missing.Name!))
            : found.DistinctBy(pair => pair.Mapping!.Id).Count() < found.Count
                ? (null, new Problem(StatusCodes.Status400BadRequest, "mapping_twice", "The list names a mapping twice."))
                : (found, null);
    }

    private static Mapping? Find(IReadOnlyList<Mapping> all, MappingWish wish) => MappingWish.Text(wish.Id) is { } id
        ? all.FirstOrDefault(mapping => CertificateId.TryParse(id, out var number) && mapping.Id == number.Value)
        : all.FirstOrDefault(mapping => mapping.Name == wish.Name);

    private (List<Mapping> Read, Problem? Broken) Read(AccountId account, IEnumerable<(MappingWish Wish, Mapping? Before)> wishes)
    {
        var read = new List<Mapping>();
        foreach (var (wish, before) in wishes)
        {
            var (mapping, code, sentence) = MappingRules.Read(wish, account, before, id => certificates.Find(account, id) is not null);
            if (mapping is null)
            {
                return (read, new Problem(StatusCodes.Status400BadRequest, code, sentence));
            }

            read.Add(mapping);
        }

        return (read, null);
    }

    private static IResult Answer(HttpContext http, MappingChange change, IReadOnlyList<Mapping> removed, int success)
    {
        NoteAct(http, change, removed);
        return change.Kind switch
        {
            MappingChangeKind.Done => Results.Json(
                change.Written.Select(mapping => Shape(mapping)).Concat(removed.Select(mapping => Shape(mapping, deleted: true))), statusCode: success),
            MappingChangeKind.AccountNotFound => new Problem(StatusCodes.Status404NotFound, "account_not_found", "There is no such account."),
            MappingChangeKind.NotFound => NotFound(change.About?.Name ?? "that one"),
            MappingChangeKind.NameTaken => new Problem(
                StatusCodes.Status409Conflict, "mapping_name_taken", $"The account has another mapping named '{change.About!.Name}'."),
            MappingChangeKind.UrlTaken => new Problem(
                StatusCodes.Status409Conflict, "mapping_url_taken", $"The account has another mapping of the service and URL of '{change.About!.Name}'."),
        };
    }

    private static void NoteAct(HttpContext http, MappingChange change, IReadOnlyList<Mapping> removed)
    {
        if (change.Kind == MappingChangeKind.Done)
        {
            IEnumerable<string> words = [.. change.Written.Select(mapping => mapping.Name), .. removed.Select(mapping => mapping.Name + " (removed)")];
            http.NoteAct(string.Join(", ", change.Written.Concat(removed).Select(mapping => mapping.Id)), string.Join(", ", words));
        }
    }

    private static Problem NotFound(string named) => new(StatusCodes.Status404NotFound, "mapping_not_found", $"The account has no mapping '{named}'.");

    private static MappingShape Shape(Mapping mapping, bool deleted = false) => new(
        mapping.Id,
        mapping.Certificate.ToString(),
        ((int)mapping.Service).ToString(System.Globalization.CultureInfo.InvariantCulture),
        mapping.Enabled,
        mapping.Url,
        mapping.Account.Value,
        mapping.Name,
        deleted);

    private static ValueTask<object?> CheckVersion(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var versions = context.HttpContext.Request.Query["v"];
        return versions.Count == 0 || versions == Version
            ? next(context)
            : ValueTask.FromResult<object?>(new Problem(StatusCodes.Status400BadRequest, "version_unsupported", $"The version of these calls is v={Version}."));
    }
}

/// <summary>A mapping object on the wire; the names are the protocol's.</summary>
internal sealed record MappingShape(long Id, string CertificationId, string ServiceId, bool Enable, string Url, string SiteId, string Name, bool Deleted);
