using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Accounts.Audit;

namespace Sealpost.Mtls.Certificates;

/// <summary>The calls about certificates (protocol 5): list, upload as a file or as JSON, replace, delete.</summary>
internal sealed class CertificateEndpoints(
    CertificateRegistry certificates, CertificateUploads uploads, AccountDirectory accounts, AccountRegistry registry, Func<AccountId, CertificateId, int> mappingsOf)
{
    private const string Path = "/mtls/account/{account}/certificates";

    /// <summary>Certificates of an account whose status is asked for at the same time.</summary>
    private const int MostAtOnce = 8;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (Delegate)List).Opens(MtlsAccess.Read);
        routes.MapGet(Path + "/{id}", (Delegate)Show).Opens(MtlsAccess.Read);
        routes.MapPost(Path, (Delegate)CreateFromJson).Opens(MtlsAccess.Write).Audited("certificates.create");
        routes.MapPut(Path, (Delegate)ReplaceFromJson).Opens(MtlsAccess.Write).Audited("certificates.replace");
        routes.MapPost(Path + "/by-file", (Delegate)CreateFromFile).Opens(MtlsAccess.Write).Audited("certificates.create");
        routes.MapPut(Path + "/by-file", (Delegate)ReplaceFromFile).Opens(MtlsAccess.Write).Audited("certificates.replace");
        routes.MapDelete(Path + "/{id}", (Delegate)Delete).Opens(MtlsAccess.Write).Audited("certificates.delete");
    }

    private async Task<IResult> List(HttpContext http)
    {
        var account = http.Admission().Account;
        if (!accounts.TryGet(account, out _))
        {
            return AccountProblems.NotFound(account);
        }

        var all = certificates.Directory.Of(account);
        var shapes = new CertificateShape[all.Count];
        await Parallel.ForAsync(0, all.Count, new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = http.RequestAborted }, async (i, stop) =>
            shapes[i] = CertificateAnswers.Shape(all[i], await certificates.StatusAsync(all[i], stop)));
        return Results.Json(shapes);
    }

    private async Task<IResult> Show(HttpContext http) => Find(http) is { } certificate
        ? Results.Json(CertificateAnswers.Shape(certificate, await certificates.StatusAsync(certificate, http.RequestAborted)))
        : CertificateAnswers.NotFound();

    private Task<IResult> CreateFromFile(HttpContext http) => FromFile(http, isNew: true);

    private Task<IResult> ReplaceFromFile(HttpContext http) => FromFile(http, isNew: false);

    private Task<IResult> CreateFromJson(HttpContext http) => FromJson(http, isNew: true);

    private Task<IResult> ReplaceFromJson(HttpContext http) => FromJson(http, isNew: false);

    private async Task<IResult> FromFile(HttpContext http, bool isNew)
    {
        var (upload, problem) = await UploadBody.ReadFormAsync(http);
        return upload is null ? problem! : await Save(http, [upload], isNew);
    }

    private async Task<IResult> FromJson(HttpContext http, bool isNew)
    {
        var (sent, problem) = await UploadBody.ReadJsonAsync(http);
        return sent is null ? problem! : await Save(http, sent, isNew);
    }

    private async Task<IResult> Save(HttpContext http, IReadOnlyList<CertificateUpload> sent, bool isNew)
    {
        var (caller, account) = http.Admission();
        if (isNew && caller.Kind == CallerKind.Administrator)
        {
            registry.Ensure(account);
        }

        var (outcome, problem) = await uploads.SaveAsync(account, sent, isNew, http.RequestAborted);
        http.NoteAct(Names(outcome?.Saved.Select(saved => saved.Id)), Names(outcome?.Saved.Select(saved => saved.Name)));
        return outcome is null ? problem! : CertificateAnswers.Uploaded(outcome, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private async Task<IResult> Delete(HttpContext http)
    {
        var account = http.Admission().Account;
        return CertificateId.TryParse(http.Request.RouteValues["id"] as string, out var id)
            && await certificates.DeleteAsync(account, id, http.RequestAborted) is { } removed
            ? CertificateAnswers.Deleted(removed, mappingsOf(account, id))
            : CertificateAnswers.NotFound();
    }

    private static string? Names<T>(IEnumerable<T>? names) => names is null ? null : string.Join(", ", names);

    private ClientCertificate? Find(HttpContext http) =>
        CertificateId.TryParse(http.Request.RouteValues["id"] as string, out var id) ? certificates.Directory.Find(http.Admission().Account, id) : null;
}
