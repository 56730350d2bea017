using Microsoft.AspNetCore.Http;

namespace Sealpost.IntegrationTests.Cli;

public sealed class TailTests
{
    [Fact]
    public async Task A_lost_stream_is_taken_up_again_after_the_last_event()
    {
        await using var server = await ScriptedServer.StartAsync(async (context, number) =>
        {
            if (number == 2)
            {
                await ScriptedServer.Json(context, 503, """{"detail":"Stopping.","code":"stopping"}""");
                return;
            }

            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync($"id: {number}\nevent: attempt\ndata: {{\"at\":\"now\",\"n\":{number}}}\n\n", context.RequestAborted);
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = new CommandRun();

        var tail = run.RunAsync(stop.Token, "tail", "--server", server.Url);
        await run.WaitForOutputAsync(text => text.Contains("n=3", StringComparison.Ordinal));
        await stop.CancelAsync();

        Assert.Equal(0, await tail);
        Assert.Contains("n=1", run.Out);
        Assert.Empty(server.Seen[0].Headers["Last-Event-ID"].ToString());
        Assert.Equal("1", server.Seen[1].Headers["Last-Event-ID"]);
        Assert.Equal("1", server.Seen[2].Headers["Last-Event-ID"]);
    }

    [Fact]
    public async Task A_refusal_ends_it()
    {
        await using var server = await ScriptedServer.AlwaysAsync(403, """{"detail":"Not yours.","code":"forbidden"}""");

        Assert.Equal(1, await new CommandRun().RunAsync("tail", "--server", server.Url));
    }

    [Fact]
    public async Task A_gap_is_said_on_the_error_stream_and_scripts_get_one_object_a_line()
    {
        await using var server = await ScriptedServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(
                "id: 4\nevent: gap\ndata: {\"after\":\"1\",\"reason\":\"too_old\"}\n\nid: 5\nevent: attempt\ndata: {\"at\":\"now\",\"n\":[1,{\"a\":2}]}\n\n", context.RequestAborted);
        });
        foreach (var json in (bool[])[true, false])
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var run = new CommandRun();
            string[] args = ["tail", "--server", server.Url, "--client-id", "a b", "--conversation", "c", .. (string[])(json ? ["--json"] : [])];

            var tail = run.RunAsync(stop.Token, args);
            await run.WaitForOutputAsync(text => text.Contains("now", StringComparison.Ordinal));
            await stop.CancelAsync();

            Assert.Equal(0, await tail);
            Assert.Contains("sealpost: events are missing here (too_old): more happened than the service keeps.", run.Error);
            Assert.Equal(json, run.Out.StartsWith("""{"event":"gap","id":"4","after":"1","reason":"too_old"}""", StringComparison.Ordinal));
            Assert.Equal(json, run.Out.Contains("""{"event":"attempt","id":"5","at":"now","n":[1,{"a":2}]}""" + Environment.NewLine, StringComparison.Ordinal));
        }

        Assert.EndsWith("/events?client_id=a%20b&conversation=c", server.Seen[0].PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_broke_before_its_first_event_goes_on_where_it_began()
    {
        await using var server = await ScriptedServer.StartAsync(async (context, number) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(number == 1 ? ": connected\n\nid: 41\n\n" : "id: 42\nevent: attempt\ndata: {}\n\n", context.RequestAborted);
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = new CommandRun();

        var tail = run.RunAsync(stop.Token, "tail", "--server", server.Url);
        await run.WaitForOutputAsync(text => text.Contains("attempt", StringComparison.Ordinal));
        await stop.CancelAsync();

        Assert.Equal(0, await tail);
        Assert.Equal("41", server.Seen[1].Headers["Last-Event-ID"]);
    }
}
