using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sealpost.Accounts;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;
using Sealpost.Protocol.Installs;

namespace Sealpost.Installs;

/// <summary>The answers of the calls about installs. Secrets are in them only for those who may see them (protocol 2).</summary>
internal static class InstallAnswers
{
    // Never part of a page: the manifest's letters of any script stay readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One install, with its revision in the header.</summary>
    public static IResult One(Install install, Caller caller, int status = StatusCodes.Status200OK) =>
        new JsonAnswer(status, install.Revision, json => Write(json, install, caller.SeesSecrets));

    /// <summary>All installs of an account, with the account's revision in the header.</summary>
    public static IResult Many(AccountInstalls installs, Caller caller) => new JsonAnswer(StatusCodes.Status200OK, installs.Revision, json =>
    {
        json.WriteStartArray();
        foreach (var install in installs.All)
        {
            Write(json, install, caller.SeesSecrets);
        }

        json.WriteEndArray();
    });

    /// <summary>A change that was made, or that was not needed, or why it was not made.</summary>
    public static IResult Of(InstallChange change, HttpContext http, int success = StatusCodes.Status200OK)
    {
        var (caller, account) = http.Admission();
        NoteAct(http, change);
        return change.Kind switch
        {
            InstallChangeKind.Done or InstallChangeKind.Unchanged => One(change.After!, caller, success),
            InstallChangeKind.NotFound => NotFound(),
            InstallChangeKind.AccountNotFound => AccountProblems.NotFound(account),
            InstallChangeKind.RevisionMissing => At(http, change, new Problem(
                StatusCodes.Status428PreconditionRequired, "revision_missing", "If-Match must carry the install's ac-revision.")),
            InstallChangeKind.RevisionStale => At(http, change, new Problem(
                StatusCodes.Status412PreconditionFailed, "revision_stale", "The install has been changed since: read it again.")),
            InstallChangeKind.ClientNameTaken => new Problem(
                StatusCodes.Status409Conflict, "client_name_taken", "Another install of this account has this client_name."),
            InstallChangeKind.ClientIdTaken => new Problem(
                StatusCodes.Status409Conflict, "client_id_taken", "This client_id has been given before."),
        };
    }

    public static Problem NotFound() =>
        new(StatusCodes.Status404NotFound, "install_not_found", "The account has no such install.");

    /// <summary>A manifest's errors, each with its member, rule and message.</summary>
    public static Problem Invalid(IReadOnlyList<ManifestError> errors) =>
        new(StatusCodes.Status400BadRequest, "manifest_invalid", errors[0].Message)
        {
            Extensions = new Dictionary<string, object> { ["errors"] = errors },
        };

    private static void NoteAct(HttpContext http, InstallChange change)
    {
        if (change is { Kind: InstallChangeKind.Done or InstallChangeKind.Unchanged, After: { } after })
        {
            var isUnchanged = change.Kind == InstallChangeKind.Unchanged;
            http.NoteAct(after.ClientIdText, $"{after.Manifest.ClientName}, {(isUnchanged ? "unchanged at revision" : "now revision")} {after.Revision}");
        }
    }

    private static Problem At(HttpContext http, InstallChange change, Problem problem)
    {
        InstallCalls.ShowRevision(http, change.Before!.Revision);
        return problem;
    }

    private static void Write(Utf8JsonWriter json, Install install, bool withSecret) => InstallWriter.WriteInstall(
        json,
        install.Manifest,
        new InstallFacts(install.ClientId, withSecret && !install.Deleted ? install.Secrets.Current.Reveal() : null, install.IssuedAt, install.Enabled, install.Deleted));

    /// <summary>Exactly <c>application/json</c>: LivePerson's clients parse nothing else.</summary>
    private sealed class JsonAnswer(int status, long revision, Action<Utf8JsonWriter> write) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => status;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = "application/json";
            response.Headers.CacheControl = "no-store";
            InstallCalls.ShowRevision(httpContext, revision);
            await using var json = new Utf8JsonWriter(response.BodyWriter, Options);
            write(json);
            await json.FlushAsync(httpContext.RequestAborted);
        }
    }
}
