using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sealpost.Deliveries.Live;

/// <summary>
/// One stream to one reader: (1) what it missed, (2) the id from which it goes on should it come back, (3) what happens, with a comment
/// every <see cref="KeepAlive"/>, (4) at the end an event <c>end</c> that says why, if the reader takes it.
/// </summary>
/// <param name="http">The connection.</param>
/// <param name="reader">What is written.</param>
/// <param name="whyOver">Whether the caller may still see it; asked when a token is revoked and at each <see cref="KeepAlive"/>.</param>
/// <param name="nextRevocation">Ends when the next token is revoked.</param>
/// <param name="clock">The time.</param>
internal sealed class LiveStream(HttpContext http, LiveReader reader, Func<LiveEnd?> whyOver, Func<Task> nextRevocation, TimeProvider clock)
{
    /// <summary>How often a comment keeps proxies and clients from giving up.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>How long a reader that was cut off has to take what was kept for it, before its connection is broken.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Events between two looks at everything else.</summary>
    private const int Burst = 64;

    private readonly Queue<LiveEvent> _missed = new(reader.Missed);

    /// <summary>Writes until the stream is over. Without the last chunk, where the reader did not take its end.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        using var givingUp = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, patience.Token);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cutOff = reader.CutOff.Register(() => patience.CancelAfter(Patience));
        await using var stop = stopping.Register(() =>
        {
            patience.CancelAfter(Patience);
            stopped.TrySetResult();
        });
        try
        {
            await EndAsync(await FollowAsync(stopped.Task, givingUp.Token), givingUp.Token);
        }
        catch (OperationCanceledException) when (givingUp.IsCancellationRequested)
        {
            http.Abort();
        }
    }

    private async Task<LiveEnd> FollowAsync(Task stopped, CancellationToken givingUp)
    {
        using var timer = new PeriodicTimer(KeepAlive, clock);
        var tick = timer.WaitForNextTickAsync(givingUp).AsTask();
        var revocation = nextRevocation();
        var more = Task.CompletedTask;
        var hasJoined = false;
        await TextAsync(": connected\n\n", givingUp);
        while (true)
        {
            if (stopped.IsCompleted)
            {
                return LiveEnd.Stopping;
            }

            // The next signal is asked for before the judgement: what is revoked in between is not missed.
            if (revocation.IsCompleted || tick.IsCompleted)
            {
                revocation = nextRevocation();
                if (whyOver() is { } over)
                {
                    return over;
                }
            }

            if (tick.IsCompleted)
            {
                await tick;
                tick = timer.WaitForNextTickAsync(givingUp).AsTask();
                await TextAsync(": keep-alive\n\n", givingUp);
            }

            if (await WriteSomeAsync(givingUp))
            {
                continue;
            }

            if (!hasJoined)
            {
                hasJoined = true;
                await TextAsync(string.Create(CultureInfo.InvariantCulture, $"id: {reader.JoinedAt}\n\n"), givingUp);
            }

            if (reader.Events.Completion.IsCompleted)
            {
                return LiveEnd.TooSlow;
            }

            more = more.IsCompleted ? reader.Events.WaitToReadAsync(givingUp).AsTask() : more;
            await (await Task.WhenAny(more, tick, revocation, stopped));
        }
    }

    // False: nothing is there.
    private async ValueTask<bool> WriteSomeAsync(CancellationToken givingUp)
    {
        var written = 0;
        while (written < Burst && (_missed.TryDequeue(out var live) || reader.Events.TryRead(out live)))
        {
            await WriteAsync(live.Name, live.Id, live.Write);
            written++;
        }

        if (written > 0)
        {
            await http.Response.BodyWriter.FlushAsync(givingUp);
        }

        return written > 0;
    }

    private async Task EndAsync(LiveEnd end, CancellationToken givingUp)
    {
        await WriteAsync("end", null, json =>
        {
            json.WriteStartObject();
            json.WriteString("code", end.Code);
            json.WriteString("detail", end.Detail);
            json.WriteEndObject();
        });
        await http.Response.BodyWriter.FlushAsync(givingUp);
    }

    private async Task TextAsync(string text, CancellationToken givingUp)
    {
        await http.Response.WriteAsync(text, givingUp);
        await http.Response.BodyWriter.FlushAsync(givingUp);
    }

    // Nothing waits here: the flush does, where the connection is full.
    private async ValueTask WriteAsync(string name, long? id, Action<Utf8JsonWriter> write)
    {
        var writer = http.Response.BodyWriter;
        Encoding.UTF8.GetBytes(id is null ? $"event: {name}\ndata: " : string.Create(CultureInfo.InvariantCulture, $"id: {id}\nevent: {name}\ndata: "), writer);
        await using (var json = new Utf8JsonWriter(writer))
        {
            write(json);
        }

        Encoding.UTF8.GetBytes("\n\n", writer);
    }
}
