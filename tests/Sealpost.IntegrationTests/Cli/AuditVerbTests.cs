using System.Text.Json;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Cli;

public sealed class AuditVerbTests
{
    [Fact]
    public async Task It_shows_who_did_what_and_goes_on_where_a_page_ended()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");
        await service.CallAsync("DELETE", "/api/account/acme/tokens/tok_1");

        var (list, first) = (await RunAsync(service), await RunAsync(service, "--limit", "1", "--since", "1h"));
        var next = first.Error.Split("--cursor ")[1].Trim();
        var second = await RunAsync(service, "--cursor", next);

        Assert.Contains("refused 404 token_not_found", first.Out);
        Assert.DoesNotContain(clientId, first.Out);
        Assert.Contains(clientId, second.Out);
        Assert.Contains("administrator", list.Out);
        Assert.Contains("nothing found", (await RunAsync(service, "--platform")).Error);
        var json = JsonElement.Parse((await RunAsync(service, "--json")).Out);
        Assert.Equal("installs.create", json.GetProperty("items")[1].GetProperty("action").GetString());
    }

    [Fact]
    public async Task A_wrong_limit_is_wrong_usage() => Assert.Equal(2, await new CommandRun().RunAsync("audit", "--limit", "0"));

    private static async Task<CommandRun> RunAsync(RunningService service, params string[] args)
    {
        var run = new CommandRun { Variables = { ["SEALPOST_TOKEN"] = service.Token, ["SEALPOST_ACCOUNT"] = "acme" } };
        Assert.Equal(0, await run.RunAsync(["audit", "--server", service.Client.BaseAddress!.ToString(), .. args]));
        return run;
    }
}
