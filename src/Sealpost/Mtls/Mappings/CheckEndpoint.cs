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

        var (questions, problem) = await MappingBody.ReadAsync<CheckQuestion>(http);
        if (questions is null)
        {
            return problem!;
        }

        if (questions.Any(question => question.ServiceName is null || question.AccountId is null || question.Url is null))
        {
            return new Problem(StatusCodes.Status400BadRequest, "mapping_question_invalid", "Each question needs serviceName, accountId and url.");
        }

        var caller = http.Admission().Caller;
        if (questions.Any(question => !AccountId.TryParse(question.AccountId, out var account) || !caller.Opens(account)))
        {
            return new Problem(StatusCodes.Status403Forbidden, "forbidden", "This app key does not open all of the accounts that are asked about.");
        }

        var answers = questions.Select(question => (question, DoesExist(question))).ToList();
        return new CheckAnswer(answers, version is ["2"]);
    }

    private bool DoesExist(CheckQuestion question) =>
        AccountId.TryParse(question.AccountId, out var account)
        && MtlsServices.OfName(question.ServiceName) is { } service
        && ForwardUrl.TryParse(question.Url, out var url, out _)
        && mappings.Find(account, service, url) is not null;

    private sealed record CheckQuestion
    {
        public string? ServiceName { get; init; }

        public string? AccountId { get; init; }

        public string? Url { get; init; }
    }

    /// <summary>Version 1 is an object whose keys are how the questions print in LivePerson's own service, the spelling included.</summary>
    private sealed class CheckAnswer(List<(CheckQuestion Question, bool DoesExist)> answers, bool isSecond) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json";
            await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter);
            if (isSecond)
            {
                WriteSecond(json);
            }
            else
            {
                WriteFirst(json);
            }

            await json.FlushAsync(httpContext.RequestAborted);
        }

        private void WriteFirst(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            foreach (var (question, doesExist) in answers.DistinctBy(answer => answer.Question))
            {
                json.WriteBoolean(
                    $"CertificateMappingParamters{{serviceName='{question.ServiceName}', accountId='{question.AccountId}', url='{question.Url}'}}", doesExist);
            }

            json.WriteEndObject();
        }

        private void WriteSecond(Utf8JsonWriter json)
        {
            json.WriteStartArray();
            foreach (var (question, doesExist) in answers)
            {
                json.WriteStartObject();
                json.WriteString("serviceName", question.ServiceName);
                json.WriteString("accountId", question.AccountId);
                json.WriteString("url", question.Url);
                json.WriteBoolean("doExist", doesExist);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }
}
