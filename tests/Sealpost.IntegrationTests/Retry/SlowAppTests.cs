using Sealpost.IntegrationTests.Support;
using Received = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Retry;

/// <summary>Apps that answer slowly for too long (protocol 3).</summary>
public sealed class SlowAppTests
{
    private static readonly (string, string) Threshold = ("SEALPOST_Health__SlowThreshold", "00:00:00.1");
    private static readonly (string, string) Window = ("SEALPOST_Health__SlowWindow", "00:00:00.6");

    [Fact]
    public async Task An_app_that_stays_slow_is_disabled_and_what_it_is_owed_is_kept_and_sent_in_order_after_enabling()
    {
        await using var service = await RunningService.StartAsync(Threshold, Window);
        var clientId = await service.InstallAsync("acme");
        service.Receiver.Answering = _ => new Received(200) { Delay = TimeSpan.FromMilliseconds(250) };
        for (var number = 0; number < 10; number++)
        {
            await service.PublishAsync("acme", "one", $$"""{"type":"x","n":{{number}}}""");
        }

        var disabled = await service.UntilAsync(StatePath(clientId), state => !state.GetProperty("enabled").GetBoolean());
        Assert.Equal("slow_endpoint", disabled.GetProperty("disabledReason").GetString());
        Assert.InRange(disabled.GetProperty("stored").GetInt64(), 4, 7);

        service.Receiver.Answering = _ => new Received(200);
        Assert.Equal(200, (await service.CallAsync("POST", StatePath(clientId)[..^"/state".Length] + "/enable")).Status);
        await service.UntilAsync(StatePath(clientId), state => state.GetProperty("stored").GetInt64() == 0);
        Assert.Equal(Enumerable.Range(0, 10).Select(number => $$"""{"type":"x","n":{{number}}}"""), service.Receiver.Requests.Select(request => request.Text));
    }

    [Fact]
    public async Task Where_the_policy_is_to_warn_a_slow_app_is_told_of_and_goes_on()
    {
        await using var service = await RunningService.StartAsync(Threshold, Window, ("SEALPOST_Health__SlowPolicy", "warn"));
        var clientId = await service.InstallAsync("acme");
        await service.InstallAsync("acme", webhooks: $$"""{"sealpost.AppSlow":{"endpoint":"{{service.Receiver.Url}}news"} }""");
        service.Receiver.Answering = request => new Received(200)
        {
            Delay = request.Target.Contains("news", StringComparison.Ordinal) ? TimeSpan.Zero : TimeSpan.FromMilliseconds(250),
        };
        for (var number = 0; number < 5; number++)
        {
            await service.PublishAsync("acme", "one");
        }

        await service.UntilAsync("/api/account/acme/deliveries?state=delivered", page => page.GetProperty("items").GetArrayLength() == 6);
        var news = Assert.Single(service.Receiver.Requests, request => request.Target.Contains("news", StringComparison.Ordinal));
        Assert.Contains(clientId, news.Text, StringComparison.Ordinal);
        var state = (await service.CallAsync("GET", StatePath(clientId))).Json;
        Assert.True(state.GetProperty("enabled").GetBoolean());
        Assert.NotNull(state.GetProperty("endpoints")[0].GetProperty("slowSince").GetString());
    }

    private static string StatePath(string clientId) => $"/api/account/acme/configuration/app-install/installations/{clientId}/state";
}
