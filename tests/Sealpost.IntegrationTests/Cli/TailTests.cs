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
}
