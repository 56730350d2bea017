using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;
using Sealpost.Installs;

namespace Sealpost.Deliveries.Replay;

/// <summary><c>/api/account/{a}/replay</c>: replays of ranges as durable jobs (contract.md, HTTP).</summary>
internal sealed class ReplayEndpoints(IReplayStore store, ReplayRunner runner, AccountDirectory accounts, InstallDirectory installs)
{
    private const int MostListed = 100;

    public void Map(IEndpointRouteBuilder routes)
    {
        var replays = routes.MapGroup($"/api/account/{{{Gate.AccountParameter}}}/replay");
        replays.MapPost("", (Delegate)CreateAsync).Needs(Need.Manage).Audited("replay.start");
        replays.MapGet("", List).Needs(Need.Read);
        replays.MapGet("/{job}", Show).Needs(Need.Read);
        replays.MapPost("/{job}/cancel", (Delegate)CancelAsync).Needs(Need.Manage).Audited("replay.cancel");
    }

    private async Task<IResult> CreateAsync(HttpContext http)
    {
        var account = http.Admission().Account;
        if (!accounts.TryGetNumber(account, out var number))
        {
            return AccountProblems.NotFound(account);
        }

        var (request, problem) = await RequestBody.ReadJson<ReplayRequest>(http);
        if (request is null)
        {
            return problem!;
        }

        var (clientId, range, wrong) = request.Read();
        if (range is null)
        {
            return wrong!;
        }

        if (installs.Find(account, clientId) is not { } install)
        {
            return InstallAnswers.NotFound();
        }

        if (runner.Create(number, range(install.Number)) is not { } job)
        {
            return new Problem(
                StatusCodes.Status409Conflict, "replay_running", "A replay of this app install is running: wait for its end, or cancel it.");
        }

        http.NoteAct(job.Id.ToString(), $"app {install.ClientIdText}, {request.State}, {request.Since} to {request.Until}");
        return Results.Json(new { Job = job.Id.ToString() }, statusCode: StatusCodes.Status202Accepted);
    }

    private IResult List(HttpContext http)
    {
        var account = http.Admission().Account;
        return accounts.TryGetNumber(account, out var number)
            ? Results.Json(new { Items = store.List(number, MostListed).Select(Shape) })
            : AccountProblems.NotFound(account);
    }

    private IResult Show(HttpContext http, string job) => Find(http, job, out var found) ?? Results.Json(Shape(found!));

    private async Task<IResult> CancelAsync(HttpContext http, string job)
    {
        if (Find(http, job, out var found) is { } problem)
        {
            return problem;
        }

        await runner.CancelAsync(found!);
        Find(http, job, out var after);
        return after!.State == ReplayState.Cancelled
            ? Results.Json(Shape(after))
            : new Problem(StatusCodes.Status409Conflict, "replay_over", $"The replay is {after.State.ToWire()}: only a running one can be cancelled.");
    }

    private Problem? Find(HttpContext http, string job, out ReplayJob? found)
    {
        found = null;
        var account = http.Admission().Account;
        if (!accounts.TryGetNumber(account, out var number))
        {
            return AccountProblems.NotFound(account);
        }

        found = ReplayId.TryParse(job, out var id) ? store.Find(number, id) : null;
        return found is null ? new Problem(StatusCodes.Status404NotFound, "replay_not_found", "The account has no such replay.") : null;
    }

    private object Shape(ReplayJob job) => new
    {
        Job = job.Id.ToString(),
        client_id = job.ClientId,
        job.Range.Conversation,
        Since = Times.Text(job.Range.Since),
        Until = Times.Text(job.Range.Until),
        DeliveryState = job.Range.Of.ToWire(),
        State = job.State.ToWire(),

        // What was recorded in the very moment of the job's making may not have been counted.
        Total = job.Total is { } total ? Math.Max(total, job.Done + job.Skipped) : default(long?),
        job.Done,
        job.Skipped,
        Waiting = job.State == ReplayState.Running ? runner.WaitingOf(job.Id) : null,
        CreatedAt = Times.Text(job.CreatedAt),
        FinishedAt = job.FinishedAt is { } finished ? Times.Text(finished) : null,
        job.Error,
    };
}
