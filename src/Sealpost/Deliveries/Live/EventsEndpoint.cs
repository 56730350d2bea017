using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Hosting;

namespace Sealpost.Deliveries.Live;

/// <summary>
/// <c>GET /api/account/{a}/events</c>: server-sent events (WHATWG HTML, 9.2) until the client leaves, the process stops, the
/// token no longer opens the account, or the reader is too slow.
/// </summary>
/// <remarks>A plain request delegate: what the gate needs is asked again while the stream lives.</remarks>
internal sealed class EventsEndpoint(LiveEvents events, Authenticator authenticator, AccountDirectory accounts, TimeProvider clock, CancellationToken stopping)
{
    private static Problem TooMany { get; } = new(
        StatusCodes.Status429TooManyRequests, "too_many_readers", "This account's events are followed by as many as may.")
    {
        RetryAfter = LiveStream.KeepAlive,
    };

    public void Map(IEndpointRouteBuilder routes) => routes
        .MapGet($"/api/account/{{{Gate.AccountParameter}}}/events", AnswerAsync)
        .WithMetadata(new NeedOfRoute(Need.Read));

    private async Task AnswerAsync(HttpContext http)
    {
        if (Gate.Admit(http, authenticator, Need.Read) is { } refused)
        {
            await refused.ExecuteAsync(http);
            return;
        }

        var account = http.Admission().Account;
        if (!accounts.TryGetNumber(account, out var number))
        {
            await AccountProblems.NotFound(account).ExecuteAsync(http);
            return;
        }

        var (query, problem) = LiveQuery.Read(http.Request);
        if (query is null)
        {
            await problem!.ExecuteAsync(http);
        }
        else if (events.Open(account, query.After, query.Filter) is { } reader)
        {
            await FollowAsync(http, reader, number);
        }
        else
        {
            await TooMany.ExecuteAsync(http);
        }
    }

    private async Task FollowAsync(HttpContext http, LiveReader reader, int account)
    {
        try
        {
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-store";

            // nginx would gather what we write.
            http.Response.Headers["X-Accel-Buffering"] = "no";
            await new LiveStream(http, reader, () => WhyOver(http, account), () => authenticator.NextRevocation, clock).RunAsync(stopping);
        }
        finally
        {
            events.Close(reader);
        }
    }

    // The account of the same id may be another one by now.
    private LiveEnd? WhyOver(HttpContext http, int number)
    {
        return !Gate.IsStillAdmitted(http, authenticator, Need.Read) ? LiveEnd.TokenRevoked
            : !accounts.TryGetNumber(http.Admission().Account, out var now) || now != number ? LiveEnd.AccountRemoved
            : null;
    }
}
