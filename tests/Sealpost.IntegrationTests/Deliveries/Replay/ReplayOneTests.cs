using System.Text.Json;
using Sealpost.IntegrationTests.Support;
using Received = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Deliveries.Replay;

public sealed class ReplayOneTests
{
    private const string Deliveries = "/api/account/acme/deliveries";
    private const string Installations = "/api/account/acme/configuration/app-install/installations";

    [Fact]
    public async Task A_delivered_one_is_sent_again_as_a_new_one_at_the_tail_of_its_lane()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        var notification = await service.PublishAsync("acme", "talk", """{"type":"x","n":1}""");
        var original = (await service.OnlyDeliveryAsync("acme", "delivered")).GetProperty("id").GetString();
        await service.PublishAsync("acme", "talk", """{"type":"x","n":2}""");

        var answer = await service.CallAsync("POST", $"{Deliveries}/{original}/replay");

        Assert.Equal(202, answer.Status);
        Assert.Equal(
            (original, notification, "talk", "x", 3),
            (answer.Text("replayOf"), answer.Text("notification"), answer.Text("conversation"), answer.Text("eventType"), answer.Json.GetProperty("sequence").GetInt32()));
        Assert.NotEqual(original, answer.Text("id"));
        var received = await service.Receiver.WaitForAsync(3, TestContext.Current.CancellationToken);
        Assert.Equal(["""{"type":"x","n":1}""", """{"type":"x","n":2}""", """{"type":"x","n":1}"""], received.Select(request => request.Text));
        var shown = await service.UntilAsync($"{Deliveries}/{answer.Text("id")}", delivery => delivery.GetProperty("state").GetString() == "delivered");
        Assert.Equal(original, shown.GetProperty("replayOf").GetString());
        Assert.Equal("""{"type":"x","n":1}""", shown.GetProperty("body").GetString());
        var listed = (await service.CallAsync("GET", Deliveries)).Json.GetProperty("items")[0];
        Assert.Equal((answer.Text("id"), original), (listed.GetProperty("id").GetString(), listed.GetProperty("replayOf").GetString()));

        var again = await service.CallAsync("POST", $"{Deliveries}/{answer.Text("id")}/replay");
        Assert.Equal((202, answer.Text("id")), (again.Status, again.Text("replayOf")));
    }

    [Fact]
    public async Task A_dead_one_goes_where_its_install_says_now()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");
        service.Receiver.Enqueue(new Received(500));
        await service.PublishAsync("acme", "talk");
        var original = (await service.OnlyDeliveryAsync("acme", "dead")).GetProperty("id").GetString();
        await service.CallAsync("POST", $"{Installations}/{clientId}/rotate-secret", """{"overlap":0}""");
        var secret = (await service.CallAsync("GET", $"{Installations}/{clientId}")).Text("client_secret");

        var answer = await service.CallAsync("POST", $"{Deliveries}/{original}/replay");

        Assert.Equal(202, answer.Status);
        await service.UntilAsync($"{Deliveries}/{answer.Text("id")}", delivery => delivery.GetProperty("state").GetString() == "delivered");
        var received = await service.Receiver.WaitForAsync(2, TestContext.Current.CancellationToken);
        Assert.True(received[1].IsSignedWith(secret));
        Assert.Equal("dead", (await service.CallAsync("GET", $"{Deliveries}/{original}")).Text("state"));
    }

    [Fact]
    public async Task Replays_of_another_event_do_not_count_as_deliveries_of_the_one_before()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        await service.PublishAsync("acme", "talk");
        var first = (await service.OnlyDeliveryAsync("acme", "delivered")).GetProperty("id").GetString();
        var second = await service.PublishAsync("acme", "talk");
        await service.CallAsync("POST", $"{Deliveries}/{first}/replay");

        var found = await service.CallAsync("GET", $"{Deliveries}?notification={second}");

        Assert.Equal(second, Assert.Single(found.Json.GetProperty("items").EnumerateArray()).GetProperty("notification").GetString());
    }

    [Fact]
    public async Task What_cannot_be_replayed_is_refused_each_with_its_code()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme", webhooks: $$"""{"x":{"endpoint":"{{service.Receiver.Url}}"},"y":{"endpoint":"{{service.Receiver.Url}}"} }""");
        await service.PublishAsync("acme", "talk");
        var id = (await service.OnlyDeliveryAsync("acme", "delivered")).GetProperty("id").GetString();
        Assert.Equal((404, "delivery_not_found"), await ReplayAsync("dlv_0000000000001"));
        Assert.Equal((404, "delivery_not_found"), await ReplayAsync("4711"));

        await service.CallAsync("POST", $"{Installations}/{clientId}/disable");
        Assert.Equal((409, "install_disabled"), await ReplayAsync(id));
        await service.PublishAsync("acme", "talk");
        var pending = (await service.CallAsync("GET", $"{Deliveries}?state=pending")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        Assert.Equal((409, "delivery_pending"), await ReplayAsync(pending));
        await service.CallAsync("POST", $"{Installations}/{clientId}/enable");

        await ChangeAsync("PUT", $$"""{"client_name":"n","capabilities":{"webhooks":{"y":{"endpoint":"{{service.Receiver.Url}}"} } } }""");
        Assert.Equal((409, "webhook_removed"), await ReplayAsync(id));
        await ChangeAsync("DELETE", null);
        Assert.Equal((409, "install_deleted"), await ReplayAsync(id));

        var reader = (await service.CallAsync("POST", "/api/account/acme/tokens", """{"name":"t","scopes":["read"]}""")).Text("token");
        Assert.Equal(403, (await service.CallAsync("POST", $"{Deliveries}/{id}/replay", token: reader)).Status);

        async Task<(int, string?)> ReplayAsync(string? delivery)
        {
            var answer = await service.CallAsync("POST", $"{Deliveries}/{delivery}/replay");
            return (answer.Status, answer.Code);
        }

        async Task ChangeAsync(string method, string? body)
        {
            var present = await service.CallAsync("GET", $"{Installations}/{clientId}");
            using var request = service.Request(method, $"{Installations}/{clientId}");
            request.Headers.TryAddWithoutValidation("If-Match", present.Revision);
            request.Content = body is null ? null : new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            (await service.Client.SendAsync(request, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task An_account_that_has_enough_stored_takes_no_replay_either()
    {
        await using var service = await RunningService.StartAsync(("SEALPOST_Limits__StoredPerAccount", "1"));
        await service.InstallAsync("acme");
        await service.PublishAsync("acme", "talk");
        var id = (await service.OnlyDeliveryAsync("acme", "delivered")).GetProperty("id").GetString();
        await service.InstallAsync("acme", """
            "enabled":false
            """);
        await service.PublishAsync("acme", "talk");

        var answer = await service.CallAsync("POST", $"{Deliveries}/{id}/replay");

        Assert.Equal((429, "backlog_full"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task The_live_stream_says_what_an_attempt_repeats()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        await service.PublishAsync("acme", "talk");
        var id = (await service.OnlyDeliveryAsync("acme", "delivered")).GetProperty("id").GetString();
        using var response = await service.Client.SendAsync(
            service.Request("GET", "/api/account/acme/events"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        await service.CallAsync("POST", $"{Deliveries}/{id}/replay");

        string? line;
        while ((line = await lines.ReadLineAsync(TestContext.Current.CancellationToken)) is not null && !line.StartsWith("data: {", StringComparison.Ordinal))
        {
        }

        Assert.Equal(id, JsonElement.Parse(line!["data: ".Length..]).GetProperty("replayOf").GetString());
    }
}
