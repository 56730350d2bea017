using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Cli;

public sealed class DoctorReadyTests
{
    [Fact]
    public async Task Doctor_with_ready_asks_the_server_alone_and_needs_no_token()
    {
        await using var service = await RunningService.StartAsync();
        var url = service.Host.HttpUrl.GetLeftPart(UriPartial.Authority);
        using var nothing = new DataFolder();
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("doctor", "--ready", "--server", url, "--data", nothing.Path));

        Assert.Contains("it takes and sends events", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("disk", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_fails_where_nobody_listens()
    {
        var run = new CommandRun();

        Assert.Equal(1, await run.RunAsync("doctor", "--ready", "--server", "http://127.0.0.1:1"));
    }
}
