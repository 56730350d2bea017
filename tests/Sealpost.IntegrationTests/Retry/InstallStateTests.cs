using System.Text.Json;
using Sealpost.IntegrationTests.Support;
using Received = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Retry;

/// <summary>The states of an install that retries by time to live, as its operator sees them (protocol 4, contract.md, HTTP).</summary>
public sealed class InstallStateTests
{
    private const string Hour = """
        "retry":{"retention_time":3600}
        """;

    private static readonly (string, string) SlowBackoff = ("SEALPOST_Retry__BackoffBase", "00:00:30");
    private static readonly (string, string) QuickBackoff = ("SEALPOST_Retry__BackoffBase", "00:00:00.2");

    [Fact]
    public async Task A_failure_fails_the_install_and_everything_is_stored_until_the_endpoint_answers_again()
    {
        await using var service = await RunningService.StartAsync(QuickBackoff);
        var clientId = await service.InstallAsync("acme", webhooks: service.Webhook(Hour));
        service.Receiver.Answering = _ => new Received(503);
        await service.PublishAsync("acme", "one", Body(1));
        await StateAsync(service, clientId, "failed");
        await service.PublishAsync("acme", "one", Body(2));
        await service.PublishAsync("acme", "two", Body(3));

        var failed = await service.UntilAsync(StatePath(clientId), state => state.GetProperty("stored").GetInt64() == 3);
        var items = (await service.CallAsync("GET", "/api/account/acme/deliveries")).Json.GetProperty("items");
        Assert.Equal([items[2].GetProperty("id").GetString()], failed.GetProperty("blockedBy").EnumerateArray().Select(id => id.GetString()));
        Assert.NotNull(failed.GetProperty("failedSince").GetString());
        Assert.True(failed.GetProperty("endpoints")[0].GetProperty("failing").GetBoolean());

        service.Receiver.Answering = _ => new Received(200);
        await StateAsync(service, clientId, "up");
        var taken = service.Receiver.Requests.Select(request => request.Text).Where(text => text != Body(1)).ToList();
        Assert.Equal([Body(2), Body(3)], taken.Order());
        Assert.Equal(200, (await service.CallAsync("GET", StatePath(clientId))).Status);
    }

    [Fact]
    public async Task A_put_on_a_failed_install_makes_its_next_round_due_now()
    {
        await using var service = await RunningService.StartAsync(SlowBackoff);
        var clientId = await service.InstallAsync("acme", webhooks: service.Webhook(Hour));
        service.Receiver.Answering = _ => new Received(500);
        await service.PublishAsync("acme", "one");
        await StateAsync(service, clientId, "failed");
        service.Receiver.Answering = _ => new Received(200);

        var path = $"/api/account/acme/configuration/app-install/installations/{clientId}";
        var install = (await service.CallAsync("GET", path)).Body;
        using var put = service.Request("PUT", path);
        put.Headers.TryAddWithoutValidation("If-Match", "1");
        put.Content = new StringContent(install, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        (await service.Client.SendAsync(put, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        await service.OnlyDeliveryAsync("acme", "delivered");
        await StateAsync(service, clientId, "up");
    }

    [Fact]
    public async Task An_event_that_may_never_be_retried_dies_at_once_and_fails_nothing()
    {
        await using var service = await RunningService.StartAsync(SlowBackoff);
        var webhooks = $$"""{"x":{"endpoint":"{{service.Receiver.Url}}","max_retries":0},{{Hour}}}""";
        var clientId = await service.InstallAsync("acme", webhooks: webhooks);
        service.Receiver.Answering = _ => new Received(500);
        await service.PublishAsync("acme", "one");

        Assert.Equal("not_retried", (await service.OnlyDeliveryAsync("acme", "dead")).GetProperty("reason").GetString());
        await StateAsync(service, clientId, "up");
    }

    [Fact]
    public async Task What_expires_while_the_install_is_failed_or_disabled_dies_for_that_reason()
    {
        await using var service = await RunningService.StartAsync(SlowBackoff);
        var failing = await service.InstallAsync("failing", webhooks: service.Webhook("""
            "retry":{"retention_time":2}
            """));
        service.Receiver.Answering = _ => new Received(500);
        await service.PublishAsync("failing", "one");
        await service.InstallAsync("disabled", """
            "enabled":false
            """, service.Webhook("""
            "retry":{"retention_time":2}
            """));
        await service.PublishAsync("disabled", "one");

        Assert.Equal("expired", (await service.OnlyDeliveryAsync("failing", "dead")).GetProperty("reason").GetString());
        Assert.Equal("app_disabled", (await service.OnlyDeliveryAsync("disabled", "dead")).GetProperty("reason").GetString());
        Assert.Equal(0, (await service.CallAsync("GET", StatePath(failing, "failing"))).Json.GetProperty("stored").GetInt64());
    }

    [Fact]
    public async Task An_operator_can_drop_the_delivery_that_stands_in_the_way()
    {
        await using var service = await RunningService.StartAsync(QuickBackoff);
        var clientId = await service.InstallAsync("acme", webhooks: service.Webhook(Hour));
        service.Receiver.Answering = request => new Received(request.Text == Body(1) ? 500 : 200);
        await service.PublishAsync("acme", "one", Body(1));
        var blocking = (await StateAsync(service, clientId, "failed")).GetProperty("blockedBy")[0].GetString();
        await service.PublishAsync("acme", "one", Body(2));

        var dropped = await service.CallAsync("POST", $"/api/account/acme/deliveries/{blocking}/drop");
        Assert.Equal((200, "dead", "dropped_by_operator"), (dropped.Status, dropped.Text("state"), dropped.Text("reason")));
        await StateAsync(service, clientId, "up");
        var again = await service.CallAsync("POST", $"/api/account/acme/deliveries/{blocking}/drop");
        Assert.Equal((409, "not_pending"), (again.Status, again.Text("code")));
        Assert.Equal(404, (await service.CallAsync("POST", "/api/account/acme/deliveries/dlv_0000000000001/drop")).Status);
    }

    [Fact]
    public async Task A_delivery_that_is_dropped_in_flight_is_delivered_where_its_attempt_succeeds()
    {
        await using var service = await RunningService.StartAsync(QuickBackoff);
        await service.InstallAsync("acme", webhooks: service.Webhook(Hour));
        service.Receiver.Answering = _ => new Received(200) { Delay = TimeSpan.FromSeconds(1) };
        await service.PublishAsync("acme", "one");
        await service.Receiver.WaitForAsync(1, TestContext.Current.CancellationToken);
        var id = (await service.OnlyDeliveryAsync("acme", "pending")).GetProperty("id").GetString();

        Assert.Equal(409, (await service.CallAsync("POST", $"/api/account/acme/deliveries/{id}/drop")).Status);
        await service.OnlyDeliveryAsync("acme", "delivered");
    }

    [Fact]
    public async Task Failure_and_recovery_are_published_to_those_who_subscribe_but_not_to_the_app_itself()
    {
        await using var service = await RunningService.StartAsync(QuickBackoff);
        string[] types = ["sealpost.AppFailed", "sealpost.AppRecovered"];
        var news = string.Concat(types.Select(type => $$""","{{type}}":{"endpoint":"{{service.Receiver.Url}}news"}"""));
        var watched = await service.InstallAsync("acme", webhooks: $$"""{"x":{"endpoint":"{{service.Receiver.Url}}"}{{news}},{{Hour}}}""");
        await service.InstallAsync("acme", webhooks: "{" + news[1..] + "}");
        var isBroken = true;
        service.Receiver.Answering = request => new Received(Volatile.Read(ref isBroken) && !request.Target.Contains("news", StringComparison.Ordinal) ? 500 : 200);
        await service.PublishAsync("acme", "one");
        await StateAsync(service, watched, "failed");
        Volatile.Write(ref isBroken, false);
        await StateAsync(service, watched, "up");

        await service.UntilAsync("/api/account/acme/deliveries?state=delivered", page => page.GetProperty("items").GetArrayLength() == 3);
        var told = service.Receiver.Requests.Where(request => request.Target.Contains("news", StringComparison.Ordinal)).Select(request => JsonElement.Parse(request.Text)).ToList();
        Assert.Equal(types, told.Select(notification => notification.GetProperty("type").GetString()));
        Assert.All(told, notification => Assert.Equal(watched, notification.GetProperty("body").GetProperty("client_id").GetString()));
    }

    private static string Body(int number) => $$"""{"type":"x","n":{{number}}}""";

    private static string StatePath(string clientId, string account = "acme") =>
        $"/api/account/{account}/configuration/app-install/installations/{clientId}/state";

    private static Task<JsonElement> StateAsync(RunningService service, string clientId, string state) =>
        service.UntilAsync(StatePath(clientId), answer => answer.GetProperty("state").GetString() == state);
}
