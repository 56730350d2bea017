using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Publishing;

/// <summary>What an account, and what the disk, may hold (contract.md, Limits).</summary>
public sealed class LimitTests
{
    private const string Event = """{"type":"x"}""";

    [Fact]
    public async Task An_account_with_too_much_stored_is_refused_alone_and_accepted_again_when_there_is_room()
    {
        await using var service = await RunningService.StartAsync(("SEALPOST_Limits__StoredPerAccount", "2"));
        var clientId = await service.InstallAsync("full", """
            "enabled":false
            """);
        await service.InstallAsync("other", """
            "enabled":false
            """);
        await service.PublishAsync("full", "one");
        await service.PublishAsync("full", "one");

        var refused = await PublishAsync(service, "full");
        Assert.Equal((429, "backlog_full"), (refused.Status, refused.Text("code")));
        await service.PublishAsync("other", "one");

        await service.CallAsync("POST", $"/api/account/full/configuration/app-install/installations/{clientId}/enable");
        await service.UntilAsync("/api/account/full/deliveries?state=pending", page => page.GetProperty("items").GetArrayLength() == 0);
        await service.PublishAsync("full", "one");
    }

    [Fact]
    public async Task A_disk_that_is_nearly_full_refuses_everybody_with_a_reason_and_a_time()
    {
        await using var service = await RunningService.StartAsync(("SEALPOST_Limits__DiskReserveBytes", long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await service.InstallAsync("acme");

        var refused = await PublishAsync(service, "acme");
        Assert.Equal((503, "disk_reserve"), (refused.Status, refused.Text("code")));
    }

    private static Task<Answer> PublishAsync(RunningService service, string account) =>
        service.CallAsync("POST", $"/api/account/{account}/notifications?eventType=x&conversation=one", Event);
}
