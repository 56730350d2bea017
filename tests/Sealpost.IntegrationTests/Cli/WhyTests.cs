using System.Text.Json;
using Sealpost.IntegrationTests.Support;
using Received = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Cli;

/// <summary><c>why</c> against a running service.</summary>
public sealed class WhyTests : IAsyncLifetime
{
    private const string Hour = """
        "retry":{"retention_time":3600}
        """;

    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task An_event_that_is_delivered_says_when_and_how()
    {
        await _service.InstallAsync("acme");
        var notification = await _service.PublishAsync("acme", "c1");
        var delivery = await _service.OnlyDeliveryAsync("acme", "delivered");
        foreach (var name in (string[])[notification, delivery.GetProperty("id").GetString()!])
        {
            var said = await RunAsync(0, name);
            Assert.Contains("delivered (delivered)", said.Out, StringComparison.Ordinal);
            Assert.Contains("with status 200, attempt 1.", said.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_event_of_a_failed_app_says_since_when_which_endpoint_and_what_it_waits_behind()
    {
        _service.Receiver.Answering = _ => new Received(500);
        var app = await _service.InstallAsync("acme", webhooks: $$"""{"x":{"endpoint":"{{_service.Receiver.Url}}"},{{Hour}}}""");
        await _service.PublishAsync("acme", "c1");
        await _service.UntilAsync($"/api/account/acme/configuration/app-install/installations/{app}/state", state => state.GetProperty("state").GetString() == "failed");
        var second = await _service.PublishAsync("acme", "c1");

        var said = await RunAsync(0, second);
        Assert.Contains("(install_failed)", said.Out, StringComparison.Ordinal);
        Assert.Contains(_service.Receiver.Url.ToString(), said.Out, StringComparison.Ordinal);
        var json = JsonDocument.Parse((await RunAsync(0, "--conversation", "c1", "--json")).Out).RootElement;
        Assert.Equal(("pending", "install_failed"), (Assert.Single(json.EnumerateArray()).GetProperty("state").GetString(), json[0].GetProperty("code").GetString()));
        Assert.Contains("the last: the endpoint answered 500", json[0].GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_one_says_why_and_how_to_replay_it()
    {
        _service.Receiver.Answering = _ => new Received(500);
        await _service.InstallAsync("acme");
        var notification = await _service.PublishAsync("acme", "c1");
        await _service.OnlyDeliveryAsync("acme", "dead");
        var said = await RunAsync(0, notification);
        Assert.Contains("dead (not_retried)", said.Out, StringComparison.Ordinal);
        Assert.Contains("the last: the endpoint answered 500", said.Out, StringComparison.Ordinal);
        Assert.Contains("sealpost deliveries replay dlv_", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_nobody_was_subscribed_to_says_what_the_apps_are_subscribed_to()
    {
        await _service.InstallAsync("acme", "\"enabled\":false");
        var answer = await _service.CallAsync("POST", "/api/account/acme/notifications?eventType=y&conversation=c", """{"type":"y"}""");
        var said = await RunAsync(1, answer.Json.GetProperty("ids")[0].GetString()!);
        Assert.Contains("no app was subscribed", said.Error, StringComparison.Ordinal);
        Assert.Contains("(disabled): x", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("ntf_0", "--conversation", "c")]
    public async Task Without_one_name_it_says_what_it_wants(params string[] arguments) =>
        Assert.Contains("Name the event", (await RunAsync(2, arguments)).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_name_that_is_none_is_the_servers_to_refuse()
    {
        await _service.InstallAsync("acme");
        Assert.Contains("[delivery_not_found]", (await RunAsync(1, "nonsense")).Error, StringComparison.Ordinal);
        Assert.Contains("[filter_invalid]", (await RunAsync(1, "ntf_nonsense")).Error, StringComparison.Ordinal);
    }

    private async Task<CommandRun> RunAsync(int expected, params string[] arguments)
    {
        var run = new CommandRun
        {
            Variables =
            {
                ["SEALPOST_SERVER"] = _service.Client.BaseAddress!.ToString(),
                ["SEALPOST_TOKEN"] = _service.Token,
                ["SEALPOST_ACCOUNT"] = "acme",
            },
        };
        Assert.True(await run.RunAsync(["why", .. arguments]) == expected, run.Out + run.Error);
        return run;
    }
}
