using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Hosting;
using Sealpost.Mailrooms;
using Sealpost.Telemetry;

namespace Sealpost.Publishing;

/// <summary>
/// <c>POST /api/account/{a}/notifications</c>: one event, or many as NDJSON, all or nothing; 202 only after the commit
/// (contract.md, HTTP).
/// </summary>
/// <remarks>A plain request delegate: binding by the framework would cost more than everything else on this way.</remarks>
internal sealed class PublishEndpoint(
    Authenticator authenticator,
    AccountRegistry accounts,
    PublishReader reader,
    Func<Submission, Task<SubmissionResult>> submit,
    SealpostMetrics metrics,
    CancellationToken stopping)
{
    public void Map(IEndpointRouteBuilder routes) => routes
        .MapPost($"/api/account/{{{Gate.AccountParameter}}}/notifications", PublishAsync)
        .WithMetadata(new NeedOfRoute(Need.Publish));

    private async Task PublishAsync(HttpContext http)
    {
        var problem = stopping.IsCancellationRequested
            ? PublishProblems.Of(Refusal.Stopping)
            : Gate.Admit(http, authenticator, Need.Publish) ?? await PublishAdmittedAsync(http);
        if (problem is not null)
        {
            await problem.ExecuteAsync(http);
        }
    }

    private async Task<Problem?> PublishAdmittedAsync(HttpContext http)
    {
        var (caller, account) = http.Admission();
        if (caller.Kind == CallerKind.Administrator)
        {
            accounts.Ensure(account);
        }

        // The body's bytes are the submission's until the commit: the lease ends after the answer.
        using var body = new BodyLease();
        var (submission, problem) = await reader.ReadAsync(http, account, body);
        if (submission is null)
        {
            return problem;
        }

        var result = await submit(submission);
        if (result.Acceptance is not { } acceptance)
        {
            return PublishProblems.Of(result.Refusal);
        }

        metrics.Published(acceptance.Lines, acceptance.Deliveries);
        Answer(http.Response, acceptance);
        return null;
    }

    private static void Answer(HttpResponse response, Acceptance acceptance)
    {
        response.StatusCode = StatusCodes.Status202Accepted;
        response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteNumber("accepted", acceptance.Lines);
        json.WriteNumber("deliveries", acceptance.Deliveries);
        json.WriteStartArray("ids");
        foreach (var id in acceptance.Ids)
        {
            json.WriteStringValue(id.ToString());
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
