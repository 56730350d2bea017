using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Hosting;

namespace Sealpost.Mtls.Mappings;

/// <summary>
/// Whether URLs are mapped (protocol 5), for many at once: <c>POST /mtls/mapping</c>. An enabled mapping exists or it does not,
/// whatever the state of its certificate; what no mapping could be of is not mapped.
/// </summary>
internal sealed class CheckEndpoint(MappingDirectory mappings)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/mtls/mapping", (Delegate)CheckAsync).OpensToAppKeys();

    private async Task<IResult> CheckAsync(HttpContext http)
    {
        var version = http.Request.Query["v"];
        if (version.Count > 1 || version is not ([] or ["1"] or ["2"]))
        {
            return new Problem(StatusCodes.Status400BadRequest, "version_unsupported", "The versions of this call are v=1 and v=2.");
        }

        var (wishes, problem) = await MappingBody.ReadAsync<CheckWish>(http, "questions");
        if (wishes is null)
        {
            return problem!;
        }

        var questions = wishes.Select(QuestionOf).ToList();
        if (questions.Contains(null))
        {
            return new Problem(StatusCodes.Status400BadRequest, "mapping_question_invalid", "Each question needs serviceName, accountId and url.");
        }

        var caller = http.Admission().Caller;
        if (questions.Exists(question => !AccountId.TryParse(question!.AccountId, out var account) || !caller.Opens(account)))
        {
            return new Problem(StatusCodes.Status403Forbidden, "forbidden", "This app key does not open all of the accounts that are asked about.");
        }

        return new CheckAnswer(questions.ConvertAll(question => (question!, DoesExist(question!))), version is ["2"]);
    }

    private static CheckQuestion? QuestionOf(CheckWish wish) =>
        wish is { ServiceName: { } service, Url: { } url } && MappingWish.Text(wish.AccountId) is { } account ? new CheckQuestion(service, account, url) : null;

    private bool DoesExist(CheckQuestion question) =>
        AccountId.TryParse(question.AccountId, out var account)
        && MtlsServices.OfName(question.ServiceName) is { } service
        && ForwardUrl.TryParse(question.Url, out var url, out _)
        && mappings.Find(account, service, url) is not null;

    /// <summary>A question as it was sent; accounts are numbers to many, and so they write them.</summary>
    private sealed record CheckWish
    {
        public string? ServiceName { get; init; }

        public JsonElement? AccountId { get; init; }

        public string? Url { get; init; }
    }
}
