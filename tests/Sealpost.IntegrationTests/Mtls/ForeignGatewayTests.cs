using System.Text.Json;
using Sealpost.IntegrationTests.Support;
using Received = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Mtls;

/// <summary>Delivery through an MTLS service whose every answer is the test's (protocol 5): what is sent there, and whose doing each answer is.</summary>
public sealed class ForeignGatewayTests
{
    private const string Account = ForeignGateway.Account;
    private const string Body = """{"type":"x"}""";
    private const string Hour = """
        "retry":{"retention_time":3600}
        """;

    [Fact]
    public async Task A_mapped_endpoint_s_request_goes_to_the_gateway_as_the_seed_says()
    {
        await using var gateway = await ForeignGateway.StartAsync();
        await using var service = await gateway.ServeAsync();
        var webhook = $$"""{"x":{"endpoint":"{{service.Receiver.Url}}","headers":[{"header_name":"Authorization","header_value":"Basic abc"}]} }""";
        var install = await service.InstallAsync(Account, webhooks: webhook);
        await service.PublishAsync(Account, "one", Body);
        await service.OnlyDeliveryAsync(Account, "delivered");

        var request = Assert.Single(gateway.Forwards);
        Assert.Equal(("POST", "/mtls/account/acme", Body, "application/json"), (request.Method, request.Target, request.Text, request["Content-Type"]));
        Assert.Equal(("WEBHOOKS", service.Receiver.Url.AbsoluteUri), (request["LP-service-name"], request["LP-forward-url"]));
        Assert.StartsWith("OAuth ", request["Authorization"], StringComparison.Ordinal);
        Assert.Equal(("Basic abc", Account, install), (request["LP-authorization-override"], request["x-liveperson-account-id"], request["x-liveperson-client-id"]));
        Assert.NotNull(request["x-liveperson-signature"]);
        Assert.Empty(service.Receiver.Requests);
    }

    [Fact]
    public async Task Nothing_is_sent_before_MTLS_has_said_whether_the_endpoint_is_mapped()
    {
        await using var gateway = await ForeignGateway.StartAsync();
        gateway.IsMapped = null;
        await using var service = await gateway.ServeAsync();
        var install = await service.InstallAsync(Account);
        await service.PublishAsync(Account, "one", Body);
        await WaitingAsync(service, "route_unknown");
        Assert.Equal("unknown", (await StateAsync(service, install)).GetProperty("endpoints")[0].GetProperty("route").GetString());

        gateway.IsMapped = false;
        await service.OnlyDeliveryAsync(Account, "delivered");

        Assert.Single(service.Receiver.Requests);
        Assert.Empty(gateway.Forwards);
    }

    [Fact]
    public async Task Both_switches_are_found_without_a_restart()
    {
        await using var gateway = await ForeignGateway.StartAsync();
        gateway.IsMapped = false;
        await using var service = await gateway.ServeAsync();
        var install = await service.InstallAsync(Account);
        await RouteAsync(service, install, "direct");
        gateway.IsMapped = true;
        await RouteAsync(service, install, "mtls");
        gateway.IsMapped = false;
        await RouteAsync(service, install, "direct");
    }

    [Fact]
    public async Task While_MTLS_does_not_answer_the_last_answer_holds()
    {
        await using var gateway = await ForeignGateway.StartAsync();
        await using var service = await gateway.ServeAsync();
        var install = await service.InstallAsync(Account);
        await RouteAsync(service, install, "mtls");
        gateway.IsMapped = null;
        var asked = gateway.Checks.Count;
        await service.UntilAsync(StatePath(install), _ => gateway.Checks.Count > asked);
        await service.PublishAsync(Account, "one", Body);
        await service.OnlyDeliveryAsync(Account, "delivered");

        Assert.Single(gateway.Forwards);
        Assert.Empty(service.Receiver.Requests);
    }

    [Fact]
    public async Task A_failure_of_MTLS_itself_fails_an_install_by_time_to_live_and_a_424_is_the_endpoint_s()
    {
        await using var gateway = await ForeignGateway.StartAsync();
        gateway.Forwarding = () => new Received(503);
        await using var service = await gateway.ServeAsync();
        var install = await service.InstallAsync(Account, webhooks: service.Webhook(Hour));
        await service.PublishAsync(Account, "one", Body);
        await service.UntilAsync(StatePath(install), state => state.GetProperty("state").GetString() == "failed");
        await LastErrorAsync(service, "mtls_unavailable: the MTLS service answered 503");

        gateway.Forwarding = () => new Received(424) { Headers = new Dictionary<string, string> { ["LP-status-from-transport"] = "502" } };
        await LastErrorAsync(service, "the endpoint answered 502");
        gateway.Forwarding = () => new Received(200);
        await service.OnlyDeliveryAsync(Account, "delivered");
    }

    [Fact]
    public async Task By_numbers_a_failure_of_MTLS_itself_takes_no_retry_away()
    {
        await using var gateway = await ForeignGateway.StartAsync();
        gateway.Forwarding = () => new Received(401);
        await using var service = await gateway.ServeAsync();
        var install = await service.InstallAsync(Account);
        await service.PublishAsync(Account, "one", Body);
        await service.UntilAsync(StatePath(install), _ => gateway.Forwards.Count >= 3);

        gateway.Forwarding = () => new Received(200);
        var delivered = await service.OnlyDeliveryAsync(Account, "delivered");
        Assert.Equal(1, delivered.GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task A_429_pauses_the_route_and_counts_as_no_attempt()
    {
        await using var gateway = await ForeignGateway.StartAsync();
        gateway.Forwarding = () => new Received(429) { Headers = new Dictionary<string, string> { ["Retry-After"] = "2" } };
        await using var service = await gateway.ServeAsync();
        var install = await service.InstallAsync(Account, webhooks: service.Webhook(Hour));
        await service.PublishAsync(Account, "one", Body);
        await WaitingAsync(service, "mtls_paused");
        Assert.Equal("up", (await StateAsync(service, install)).GetProperty("state").GetString());

        gateway.Forwarding = () => new Received(200);
        var delivered = await service.OnlyDeliveryAsync(Account, "delivered");
        Assert.Equal(1, delivered.GetProperty("attempts").GetInt32());
        Assert.True(gateway.Forwards[1].At - gateway.Forwards[0].At >= TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task What_a_pause_holds_leaves_the_memory_to_what_can_be_sent()
    {
        await using var gateway = await ForeignGateway.StartAsync();
        gateway.Forwarding = () => new Received(429) { Headers = new Dictionary<string, string> { ["Retry-After"] = "300" } };
        await using var service = await gateway.ServeAsync();
        var direct = new Uri(service.Receiver.Url, "direct").AbsoluteUri;
        gateway.Direct.Add(direct);
        var install = await service.InstallAsync(Account, webhooks: $$"""{"x":{"endpoint":"{{service.Receiver.Url}}"},"y":{"endpoint":"{{direct}}"} }""");
        await service.PublishAsync(Account, "first", Body);
        await service.UntilAsync(StatePath(install), _ => gateway.Forwards.Count == 1);

        // More than the half of the window that one install may have.
        var large = $$"""{"type":"{{new string('x', 1_000_000)}}"}""";
        for (var i = 0; i < 36; i++)
        {
            await service.PublishAsync(Account, $"held {i}", large);
        }

        var published = await service.CallAsync("POST", $"/api/account/{Account}/notifications?eventType=y&conversation=direct", Body);
        Assert.Equal(202, published.Status);
        var state = await service.UntilAsync(StatePath(install), _ => service.Receiver.Requests.Count > 0);
        Assert.Equal(Body, Assert.Single(service.Receiver.Requests).Text);
        Assert.Single(gateway.Forwards);
        Assert.InRange(state.GetProperty("stored").GetInt32(), 37, 38);
    }

    [Fact]
    public async Task What_is_overdue_at_a_start_goes_through_MTLS_as_any_other()
    {
        await using var gateway = await ForeignGateway.StartAsync();
        gateway.Forwarding = () => new Received(503);
        await using var service = await gateway.ServeAsync();
        await service.InstallAsync(Account, webhooks: service.Webhook(Hour));
        await service.PublishAsync(Account, "one", Body);
        await LastErrorAsync(service, "mtls_unavailable: the MTLS service answered 503");
        await service.RestartAsync(() => gateway.Forwarding = () => new Received(200));
        var delivered = await service.OnlyDeliveryAsync(Account, "delivered");

        var attempts = (await service.CallAsync("GET", $"/api/account/{Account}/deliveries/{delivered.GetProperty("id").GetString()}")).Json.GetProperty("attempts");
        Assert.DoesNotContain(attempts.EnumerateArray(), attempt => attempt.GetProperty("error").GetString()?.Contains("internal", StringComparison.Ordinal) == true);
    }

    private static string StatePath(string install) => $"/api/account/{Account}/configuration/app-install/installations/{install}/state";

    private static async Task<JsonElement> StateAsync(RunningService service, string install) => (await service.CallAsync("GET", StatePath(install))).Json;

    private static Task<JsonElement> RouteAsync(RunningService service, string install, string route) =>
        service.UntilAsync(StatePath(install), state => state.GetProperty("endpoints")[0].GetProperty("route").GetString() == route);

    private static Task<JsonElement> LastErrorAsync(RunningService service, string error) => service.UntilAsync(
        $"/api/account/{Account}/deliveries", page => page.GetProperty("items")[0].GetProperty("lastError").GetString() == error);

    private static async Task WaitingAsync(RunningService service, string code)
    {
        var list = (await service.CallAsync("GET", $"/api/account/{Account}/deliveries")).Json;
        await service.UntilAsync(
            $"/api/account/{Account}/deliveries/{list.GetProperty("items")[0].GetProperty("id").GetString()}",
            delivery => delivery.GetProperty("waiting") is { ValueKind: JsonValueKind.Object } waiting && waiting.GetProperty("code").GetString() == code);
    }
}
