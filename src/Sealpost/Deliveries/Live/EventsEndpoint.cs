using System.Globalization;
using System.Text;
using System.Text.Json;
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
    /// <summary>How often a comment keeps proxies and clients from giving up, and how soon a revoked token ends a stream.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

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
        if (!accounts.TryGet(account, out _))
        {
            await AccountProblems.NotFound(account).ExecuteAsync(http);
        }
        else if (events.Open(account, LastEventId(http.Request)) is { } reader)
        {
            await FollowAsync(http, reader);
        }
        else
        {
            await TooMany.ExecuteAsync(http);
        }
    }

    private static Problem TooMany { get; } = new(
        StatusCodes.Status429TooManyRequests, "too_many_readers", "This account's events are followed by as many as may.")
    {
        RetryAfter = KeepAlive,
    };

    // What is not one of our ids asks for new events only.
    private static long? LastEventId(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private async Task FollowAsync(HttpContext http, LiveReader reader)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping, reader.CutOff);
        try
        {
            http.Response.ContentType = "text/event-stream";
            await StreamAsync(http, reader, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // A stream that was cut off ends without the last chunk: its reader sees that something is missing.
            if (reader.CutOff.IsCancellationRequested)
            {
                http.Abort();
            }
        }
        finally
        {
            events.Close(reader);
        }
    }

    private async Task StreamAsync(HttpContext http, LiveReader reader, CancellationToken ending)
    {
        using var timer = new PeriodicTimer(KeepAlive, clock);
        var tick = timer.WaitForNextTickAsync(ending).AsTask();
        var more = reader.Events.WaitToReadAsync(ending).AsTask();
        await CommentAsync(http.Response, "connected", ending);
        while (true)
        {
            if (await Task.WhenAny(more, tick) == more)
            {
                var isOpen = await more;
                while (reader.Events.TryRead(out var live))
                {
                    await WriteAsync(http.Response, live, ending);
                }

                await http.Response.BodyWriter.FlushAsync(ending);
                if (!isOpen)
                {
                    throw new OperationCanceledException(ending);
                }

                more = reader.Events.WaitToReadAsync(ending).AsTask();
            }
            else
            {
                await tick;
                if (Gate.Admit(http, authenticator, Need.Read) is not null)
                {
                    return;
                }

                await CommentAsync(http.Response, "keep-alive", ending);
                tick = timer.WaitForNextTickAsync(ending).AsTask();
            }
        }
    }

    private static async Task CommentAsync(HttpResponse response, string comment, CancellationToken ending)
    {
        await response.WriteAsync($": {comment}\n\n", ending);
        await response.BodyWriter.FlushAsync(ending);
    }

    // Unflushed bytes are flushed once there are some: the connection's own back pressure is what makes a reader slow.
    private static async ValueTask WriteAsync(HttpResponse response, LiveEvent live, CancellationToken ending)
    {
        const int FlushBytes = 16 * 1024;
        var writer = response.BodyWriter;
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {live.Id}\nevent: {live.Name}\ndata: "), writer);
        await using (var json = new Utf8JsonWriter(writer))
        {
            live.Write(json);
        }

        Encoding.UTF8.GetBytes("\n\n", writer);
        if (writer.UnflushedBytes >= FlushBytes)
        {
            await writer.FlushAsync(ending);
        }
    }
}
