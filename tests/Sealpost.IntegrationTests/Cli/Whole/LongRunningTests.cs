using System.Text.Json;
using Sealpost.IntegrationTests.Support;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Cli.Whole;

/// <summary>Verbs that run until they are stopped.</summary>
public sealed class LongRunningTests
{
    // Half a minute's: nobody knows when a stream has begun.
    private const int MostPublished = 600;

    [Fact]
    public async Task Serve_is_ready_and_ends_with_0_when_it_is_told_to()
    {
        using var folder = new TemporaryFolder();
        await using var process = SealpostProcess.Start(new SealpostLaunch { Data = folder.Path, Executable = Path.Combine(AppContext.BaseDirectory, "sealpost") });
        await process.ReadyAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        var list = new CommandRun();

        Assert.Equal(0, await list.RunAsync("accounts", "list", "--json", "--data", folder.Path));
        Assert.Equal(JsonValueKind.Array, JsonElement.Parse(list.Out).ValueKind);
        Assert.Equal(0, await process.StopAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tail_shows_what_happens_in_a_running_service(bool json)
    {
        await using var service = await RunningService.StartAsync();
        using var scene = new VerbScene(service);
        await scene.InstallAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = scene.Run();

        var tail = run.RunAsync(stop.Token, ["tail", .. (string[])(json ? ["--json"] : [])]);
        for (var published = 0; run.Out.Length == 0 && !tail.IsCompleted && published < MostPublished; published++)
        {
            await service.PublishAsync(scene.Account, $"talk-{published}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop.Token);
        }

        Assert.False(tail.IsCompleted, run.Error);
        await run.WaitForOutputAsync(text => text.Contains("attempt", StringComparison.Ordinal) && text.EndsWith('\n'));
        await stop.CancelAsync();
        Assert.Equal(0, await tail);
        Assert.Empty(run.Error);
        var lines = run.Out.TrimEnd().Split('\n');
        Assert.All(lines, line => Assert.Equal(json, line.StartsWith("{\"event\":", StringComparison.Ordinal)));
        Assert.All(json ? lines : [], line => JsonElement.Parse(line));
    }
}
