using System.Text.Json;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Deliveries;

public sealed class TestCallTests
{
    private const string Installations = "/api/account/acme/configuration/app-install/installations";

    [Fact]
    public async Task A_test_goes_once_to_each_endpoint_signed_and_recorded_like_every_event()
    {
        await using var service = await RunningService.StartAsync();
        var (shared, own) = (service.Receiver.At("shared"), service.Receiver.At("own"));
        var clientId = await service.InstallAsync(
            "acme", webhooks: $$"""{"x":{"endpoint":"{{shared}}"},"y":{"endpoint":"{{shared}}"},"z":{"endpoint":"{{own}}"} }""");
        var secret = (await service.CallAsync("GET", $"{Installations}/{clientId}")).Text("client_secret");

        var answer = await service.CallAsync("POST", $"{Installations}/{clientId}/test");

        Assert.Equal((202, 2), (answer.Status, answer.Json.GetProperty("deliveries").GetInt32()));
        var received = await service.Receiver.WaitForAsync(2, TestContext.Current.CancellationToken);
        Assert.Equal(["/own", "/shared"], received.Select(request => request.Target).Order(StringComparer.Ordinal));
        Assert.All(received, request =>
        {
            Assert.True(request.IsSignedWith(secret));
            var body = JsonElement.Parse(request.Text);
            Assert.Equal("sealpost.Test", body.GetProperty("type").GetString());
            Assert.Equal(clientId, body.GetProperty("body").GetProperty("client_id").GetString());
        });
        foreach (var id in answer.Json.GetProperty("ids").EnumerateArray().Select(id => id.GetString()))
        {
            var shown = await service.UntilAsync($"/api/account/acme/deliveries/{id}", delivery => delivery.GetProperty("state").GetString() == "delivered");
            Assert.Equal("sealpost.test", shown.GetProperty("conversation").GetString());
        }
    }

    [Fact]
    public async Task An_install_without_webhooks_cannot_be_tested_and_one_that_is_not_there_neither()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme", webhooks: "{}");
        var without = await service.CallAsync("POST", $"{Installations}/{clientId}/test");
        Assert.Equal((409, "no_webhook"), (without.Status, without.Code));
        var nowhere = await service.CallAsync("POST", $"{Installations}/{Guid.NewGuid()}/test");
        Assert.Equal((404, "install_not_found"), (nowhere.Status, nowhere.Code));
    }
}
