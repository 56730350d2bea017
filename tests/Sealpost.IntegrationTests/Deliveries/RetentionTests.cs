using System.Text.Json;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Deliveries;

public sealed class RetentionTests
{
    [Fact]
    public async Task What_is_delivered_goes_by_itself_what_is_pending_stays_and_the_conversation_goes_on()
    {
        await using var service = await RunningService.StartAsync(("SEALPOST_Retention__Deliveries", "00:00:01"));
        await service.InstallAsync("acme");
        await service.InstallAsync("acme", """
            "enabled":false
            """, $$"""{"x":{"endpoint":"{{service.Receiver.Url}}"},"retry":{"retention_time":3600} }""");
        await service.PublishAsync("acme", "talk");
        var pending = await service.UntilAsync("/api/account/acme/deliveries?conversation=talk", page => page.GetProperty("items").GetArrayLength() == 1);
        Assert.Equal("pending", pending.GetProperty("items")[0].GetProperty("state").GetString());
        await service.UntilAsync("/health/ready", json => json.ValueKind == JsonValueKind.Object);

        await service.PublishAsync("acme", "talk");
        await service.UntilAsync("/api/account/acme/deliveries?conversation=talk&state=pending", page => page.GetProperty("items").GetArrayLength() == 2);
        await service.UntilAsync("/api/account/acme/deliveries?state=delivered", page => page.GetProperty("items").GetArrayLength() == 0);
        Assert.Equal(2, service.Receiver.Requests.Count);
        Assert.Equal(2, (await service.CallAsync("GET", "/api/account/acme/deliveries")).Json.GetProperty("items").GetArrayLength());
    }
}
