using Microsoft.AspNetCore.Http;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Cli;

public sealed class PublishTests
{
    private const string Busy = """{"detail":"The account's backlog is full.","code":"backlog_full"}""";

    [Fact]
    public async Task A_full_server_is_asked_again_with_the_same_key_and_body()
    {
        await using var server = await ScriptedServer.StartAsync((context, number) =>
        {
            context.Response.Headers.RetryAfter = "0";
            return number < 3 ? ScriptedServer.Json(context, number == 1 ? 429 : 503, Busy) : Accept(context, 1);
        });
        var run = new CommandRun { Input = """{"kind":"x"}""" };

        var exitCode = await run.RunAsync("publish", "--server", server.Url, "--account", "acme", "--event-type", "a b", "--conversation", "c&d");

        Assert.Equal(0, exitCode);
        Assert.Equal(3, server.Seen.Count);
        Assert.All(server.Seen, request => Assert.Equal("/api/account/acme/notifications?eventType=a%20b&conversation=c%26d", request.PathAndQuery));
        Assert.All(server.Seen, request => Assert.Equal("application/json", request.Headers.ContentType));
        Assert.All(server.Seen, request => Assert.Equal("""{"kind":"x"}""", request.Body));
        Assert.Single(server.Seen.Select(request => request.Headers["Idempotency-Key"].ToString()).Distinct());
        Assert.Contains("accepted 1, deliveries 1", run.Out);
        Assert.Contains("backlog_full", run.Error);
    }

    [Fact]
    public async Task A_long_file_goes_in_batches_in_order_each_with_a_key_of_its_own()
    {
        await using var server = await ScriptedServer.StartAsync((context, number) => Accept(context, number < 3 ? 1000 : 500));
        var lines = string.Concat(Enumerable.Range(1, 2500).Select(n => $"{{\"n\":{n}}}\n"));
        var run = new CommandRun { Input = lines };

        var exitCode = await run.RunAsync("publish", "-", "--ndjson", "--server", server.Url, "--idempotency-key", "K", "--json");

        Assert.Equal(0, exitCode);
        Assert.Equal(lines, string.Concat(server.Seen.Select(request => request.Body)));
        Assert.Equal(["K", "K.2", "K.3"], server.Seen.Select(request => request.Headers["Idempotency-Key"].ToString()));
        Assert.All(server.Seen, request => Assert.Equal("application/x-ndjson", request.Headers.ContentType));
        Assert.Equal("""{"accepted":2500,"deliveries":2500,"ids":["n1000","n1000","n500"]}""", run.Out.Trim());
    }

    [Fact]
    public async Task A_refusal_on_the_way_says_where_and_how_to_go_on()
    {
        await using var server = await ScriptedServer.StartAsync((context, number) => number == 1
            ? Accept(context, 1000)
            : ScriptedServer.Json(context, 400, """{"detail":"Line 7 is not JSON.","code":"envelope_json"}"""));
        var run = new CommandRun { Input = string.Concat(Enumerable.Repeat("{}\n", 1500)) };

        var exitCode = await run.RunAsync("publish", "--ndjson", "--server", server.Url, "--idempotency-key", "K");

        Assert.Equal(1, exitCode);
        Assert.Contains("Line 7 is not JSON [envelope_json]", run.Error);
        Assert.Contains("starts at line 1001; the 1000 events before it are accepted", run.Error);
        Assert.Contains("--idempotency-key K:", run.Error);
    }

    [Fact]
    public async Task A_file_named_ndjson_is_taken_as_lines()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "events.ndjson");
        await File.WriteAllTextAsync(file, "{}\n{}\n", TestContext.Current.CancellationToken);
        await using var server = await ScriptedServer.StartAsync((context, _) => Accept(context, 2));

        Assert.Equal(0, await new CommandRun().RunAsync("publish", file, "--server", server.Url));
        Assert.Equal("application/x-ndjson", Assert.Single(server.Seen).Headers.ContentType);
    }

    private static Task Accept(HttpContext context, int lines) =>
        ScriptedServer.Json(context, 202, $$"""{"accepted":{{lines}},"deliveries":{{lines}},"ids":["n{{lines}}"]}""");
}
