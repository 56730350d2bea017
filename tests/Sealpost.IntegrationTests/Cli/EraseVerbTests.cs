using System.Text.Json;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Cli;

/// <summary><c>deliveries erase</c> against a running service.</summary>
public sealed class EraseVerbTests
{
    private const string Conversation = "talk/1 %";

    [Fact]
    public async Task A_conversation_is_erased_after_a_yes_and_not_after_anything_else()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        await service.PublishAsync("acme", Conversation);
        await service.OnlyDeliveryAsync("acme", "delivered");

        string? question = null;
        var no = await RunAsync(service, 1, asked => (question = asked) is null ? "" : "no");
        Assert.Contains("nothing was erased", no.Error, StringComparison.Ordinal);
        Assert.Contains(Conversation, question, StringComparison.Ordinal);
        Assert.Contains("acme", question, StringComparison.Ordinal);
        await service.OnlyDeliveryAsync("acme", "delivered");

        var yes = await RunAsync(service, 0, _ => "yes");
        Assert.Matches(@"deliveries +1\n", yes.Out);
        Assert.Empty((await service.CallAsync("GET", "/api/account/acme/deliveries")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_it_wants_a_yes_beforehand()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        await service.PublishAsync("acme", Conversation);
        await service.OnlyDeliveryAsync("acme", "delivered");

        Assert.Contains("--yes", (await RunAsync(service, 2, ask: null)).Error, StringComparison.Ordinal);
        await service.OnlyDeliveryAsync("acme", "delivered");
        var erased = JsonElement.Parse((await RunAsync(service, 0, ask: null, "--yes", "--json")).Out);
        Assert.Equal((Conversation, 1), (erased.GetProperty("conversation").GetString(), erased.GetProperty("deliveries").GetInt32()));
    }

    private static async Task<CommandRun> RunAsync(RunningService service, int expected, Func<string, string>? ask, params string[] more)
    {
        var run = new CommandRun { Ask = ask };
        run.Variables["SEALPOST_SERVER"] = service.Host.HttpUrl.ToString();
        run.Variables["SEALPOST_TOKEN"] = service.Token;
        run.Variables["SEALPOST_ACCOUNT"] = "acme";
        Assert.Equal(expected, await run.RunAsync(["deliveries", "erase", "--conversation", Conversation, .. more]));
        return run;
    }
}
