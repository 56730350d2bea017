using System.Text.Json;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Cli;

public sealed class ReplayVerbsTests
{
    [Fact]
    public async Task One_delivery_is_replayed_and_its_new_id_is_printed()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        await service.PublishAsync("acme", "talk");
        var id = (await service.OnlyDeliveryAsync("acme", "delivered")).GetProperty("id").GetString()!;
        var (people, machine) = (Run(service), Run(service));

        Assert.Equal(0, await people.RunAsync("deliveries", "replay", id));
        Assert.EndsWith($" replays {id}", people.Out.Trim());
        Assert.Equal(0, await machine.RunAsync("deliveries", "replay", id, "--json"));
        Assert.Equal(id, JsonElement.Parse(machine.Out).GetProperty("replayOf").GetString());
        await service.Receiver.WaitForAsync(3, TestContext.Current.CancellationToken);

        var unknown = Run(service);
        Assert.Equal(1, await unknown.RunAsync("deliveries", "replay", "dlv_1"));
        Assert.Contains("[delivery_not_found]", unknown.Error);
    }

    [Fact]
    public async Task A_range_is_replayed_and_waited_for()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");
        await service.PublishAsync("acme", "talk");
        await service.OnlyDeliveryAsync("acme", "delivered");
        string[] range = ["deliveries", "replay", "--client-id", clientId, "--conversation", "talk", "--since", "1h", "--state", "delivered", "--wait"];
        var (people, machine) = (Run(service), Run(service));

        Assert.Equal(0, await people.RunAsync(range));
        Assert.EndsWith("done: 1 replayed, 0 skipped", people.Out.Trim());
        await service.UntilAsync("/api/account/acme/deliveries?state=pending", page => page.GetProperty("items").GetArrayLength() == 0);
        Assert.Equal(0, await machine.RunAsync([.. range, "--json"]));
        var done = JsonElement.Parse(machine.Out);
        Assert.Equal(("done", 2), (done.GetProperty("state").GetString(), done.GetProperty("done").GetInt32()));

        var list = Run(service);
        Assert.Equal(0, await list.RunAsync("replays", "list"));
        Assert.Contains(done.GetProperty("job").GetString()!, list.Out);
    }

    [Fact]
    public async Task A_replay_that_waits_says_why_and_is_cancelled()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");
        await service.PublishAsync("acme", "talk");
        await service.OnlyDeliveryAsync("acme", "delivered");
        await service.CallAsync("POST", $"/api/account/acme/configuration/app-install/installations/{clientId}/disable");
        var start = Run(service);
        Assert.Equal(0, await start.RunAsync("deliveries", "replay", "--client-id", clientId, "--since", "1h", "--state", "all"));
        var job = start.Out.Trim();
        Assert.Contains($"sealpost replays show {job}", start.Error);
        await service.UntilAsync($"/api/account/acme/replay/{job}", shown => shown.GetProperty("waiting").ValueKind == JsonValueKind.Object);

        var (show, wait, cancel) = (Run(service), Run(service), Run(service));
        Assert.Equal(0, await show.RunAsync("replays", "show", job));
        Assert.Contains("install_disabled — ", show.Out);
        Assert.Equal(0, await cancel.RunAsync("replays", "cancel", job));
        Assert.Equal($"{job} is cancelled: 0 were replayed.", cancel.Out.Trim());

        var waiting = wait.RunAsync("deliveries", "replay", "--client-id", clientId, "--since", "1h", "--state", "all", "--wait");
        var running = await service.UntilAsync("/api/account/acme/replay", list => list.GetProperty("items")[0].GetProperty("state").GetString() == "running");
        await Run(service).RunAsync("replays", "cancel", running.GetProperty("items")[0].GetProperty("job").GetString()!);
        Assert.Equal(1, await waiting);
        Assert.Contains("is cancelled", wait.Error);

        var missing = Run(service);
        Assert.Equal(1, await missing.RunAsync("replays", "show", "job_1"));
        Assert.Contains("[replay_not_found]", missing.Error);
    }

    private static CommandRun Run(RunningService service)
    {
        var run = new CommandRun();
        run.Variables["SEALPOST_SERVER"] = service.Host.HttpUrl.ToString();
        run.Variables["SEALPOST_TOKEN"] = service.Token;
        run.Variables["SEALPOST_ACCOUNT"] = "acme";
        return run;
    }
}
