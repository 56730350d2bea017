using System.Text.Json;
using Sealpost.Hosting.Lifetime;
using Sealpost.IntegrationTests.Support;
using Received = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Deliveries;

public sealed class DeliveryCallsTests
{
    private const string Deliveries = "/api/account/acme/deliveries";

    [Fact]
    public async Task A_delivery_at_the_first_attempt_is_listed_and_shown_with_that_attempt()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");
        var notification = await service.PublishAsync("acme", "talk 1", """{"type":"x","text":"grüße"}""");

        var item = await service.OnlyDeliveryAsync("acme", "delivered");

        Assert.Equal(
            ["id", "notification", "client_id", "conversation", "eventType", "sequence", "state", "reason", "acceptedAt", "deliveredAt", "nextAttemptAt", "lastStatus", "lastError", "replayOf", "attempts"],
            item.EnumerateObject().Select(member => member.Name));
        Assert.Equal((notification, clientId, "talk 1", "x"), (Text(item, "notification"), Text(item, "client_id"), Text(item, "conversation"), Text(item, "eventType")));
        Assert.Equal((1, 1, 200), (Int(item, "sequence"), Int(item, "attempts"), Int(item, "lastStatus")));
        Assert.Equal([null, null, null, null], new[] { "reason", "nextAttemptAt", "lastError", "replayOf" }.Select(name => Text(item, name)));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", Text(item, "deliveredAt"));

        var shown = (await service.CallAsync("GET", $"{Deliveries}/{Text(item, "id")}")).Json;
        Assert.Equal("""{"type":"x","text":"grüße"}""", Text(shown, "body"));
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("waiting").ValueKind);
        Assert.Equal(1, Int(shown, "attemptCount"));
        var attempt = Assert.Single(shown.GetProperty("attempts").EnumerateArray());
        Assert.Equal((200, "direct", null), (Int(attempt, "status"), Text(attempt, "route"), Text(attempt, "error")));
        Assert.InRange(attempt.GetProperty("at").GetDateTimeOffset(), item.GetProperty("acceptedAt").GetDateTimeOffset().AddSeconds(-1), item.GetProperty("deliveredAt").GetDateTimeOffset());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(service.Data, "attempts")));
    }

    [Fact]
    public async Task Every_attempt_of_a_retried_delivery_is_shown_with_what_the_endpoint_said()
    {
        await using var service = await RunningService.StartAsync(("SEALPOST_Retry__BackoffBase", "00:00:00.050"));
        await service.InstallAsync("acme", webhooks: service.Webhook("""
            "retry":{"retention_time":3600}
            """));
        service.Receiver.Enqueue(new Received(503) { Body = "out of order"u8.ToArray() }, new Received(404));
        await service.PublishAsync("acme", "c");

        var item = await service.OnlyDeliveryAsync("acme", "delivered");
        var shown = await service.UntilAsync($"{Deliveries}/{Text(item, "id")}", delivery => delivery.GetProperty("attempts").GetArrayLength() == 3);

        var attempts = shown.GetProperty("attempts").EnumerateArray().ToList();
        Assert.Equal([503, 404, 200], attempts.Select(attempt => Int(attempt, "status")));
        Assert.Equal(["out of order", null, null], attempts.Select(attempt => Text(attempt, "response")));
        Assert.Equal([1, 2, 3], attempts.Select(attempt => Int(attempt, "number")));
        Assert.Equal(3, Int(shown, "attemptCount"));
        Assert.Equal(3, Int(item, "attempts"));
    }

    [Fact]
    public async Task A_pending_delivery_says_why_it_waits()
    {
        await using var service = await RunningService.StartAsync(("SEALPOST_Retry__BackoffBase", "00:01:00"));
        await service.InstallAsync("acme", webhooks: service.Webhook("""
            "retry":{"retention_time":3600}
            """));
        service.Receiver.Answering = _ => new Received(500);
        await service.PublishAsync("acme", "c");
        var first = await service.UntilAsync($"{Deliveries}?state=pending", page =>
            page.GetProperty("items") is var items && items.GetArrayLength() == 1 && Text(items[0], "nextAttemptAt") is not null);
        var head = Text(first.GetProperty("items")[0], "id")!;
        await service.PublishAsync("acme", "c");
        var newest = (await service.CallAsync("GET", $"{Deliveries}?limit=1")).Json;
        var behind = Text(newest.GetProperty("items")[0], "id")!;

        Assert.Equal("install_failed", await WaitingAsync(service, head));
        Assert.Equal("install_failed", await WaitingAsync(service, behind));
        Assert.Contains(head, await WaitingAsync(service, behind, "sentence"), StringComparison.Ordinal);
        Assert.NotNull(Text(newest, "next"));
    }

    [Fact]
    public async Task What_a_disabled_or_deleted_install_is_owed_is_still_found()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme", """
            "enabled":false
            """);
        await service.PublishAsync("acme", "c");
        var pending = await service.OnlyDeliveryAsync("acme", "pending");
        Assert.Equal("install_disabled", await WaitingAsync(service, Text(pending, "id")!));

        var path = $"/api/account/acme/configuration/app-install/installations/{clientId}";
        using var delete = service.Request("DELETE", path);
        delete.Headers.TryAddWithoutValidation("If-Match", "1");
        (await service.Client.SendAsync(delete, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        var dead = await service.OnlyDeliveryAsync("acme", "dead");
        Assert.Equal((clientId, "app_removed"), (Text(dead, "client_id"), Text(dead, "reason")));
    }

    [Fact]
    public async Task An_attempt_under_way_is_told_and_one_by_numbers_waits_for_its_time()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme", webhooks: $$"""{"x":{"endpoint":"{{service.Receiver.Url}}","max_retries":1} }""");
        service.Receiver.Answering = _ => new Received(500) { Delay = TimeSpan.FromSeconds(1) };
        await service.PublishAsync("acme", "c");
        await service.Receiver.WaitForAsync(1, TestContext.Current.CancellationToken);
        var id = Text(await service.OnlyDeliveryAsync("acme", "pending"), "id")!;
        Assert.Equal("in_flight", await WaitingAsync(service, id));

        var shown = await service.UntilAsync($"{Deliveries}/{id}", delivery => Int(delivery, "attemptCount") == 1);
        Assert.Equal("retry_due", Text(shown.GetProperty("waiting"), "code"));
        Assert.Contains(Text(shown, "nextAttemptAt")!, Text(shown.GetProperty("waiting"), "sentence"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_is_a_border()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        await service.InstallAsync("other");
        await service.PublishAsync("acme", "c");
        var id = Text(await service.OnlyDeliveryAsync("acme", "delivered"), "id");
        var token = (await service.CallAsync("POST", "/api/account/other/tokens", """{"name":"t","scopes":["read"]}""")).Text("token");

        Assert.Equal(0, (await service.CallAsync("GET", "/api/account/other/deliveries", token: token)).Json.GetProperty("items").GetArrayLength());
        Assert.Equal((404, "delivery_not_found"), Of(await service.CallAsync("GET", $"/api/account/other/deliveries/{id}", token: token)));
        Assert.Equal((403, "forbidden"), Of(await service.CallAsync("GET", $"{Deliveries}/{id}", token: token)));
        Assert.Equal((404, "account_not_found"), Of(await service.CallAsync("GET", "/api/account/nobody/deliveries")));
    }

    [Fact]
    public async Task A_bad_filter_is_a_400_and_a_bad_id_a_404()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        Assert.Equal((400, "filter_invalid"), Of(await service.CallAsync("GET", $"{Deliveries}?limit=0")));
        Assert.Equal((404, "delivery_not_found"), Of(await service.CallAsync("GET", $"{Deliveries}/4711")));
        Assert.Equal((404, "delivery_not_found"), Of(await service.CallAsync("GET", $"{Deliveries}/dlv_0000000000001")));
    }

    [Fact]
    public async Task Attempts_made_until_the_stop_are_in_the_log()
    {
        var service = await RunningService.StartAsync();
        await using (service)
        {
            await service.InstallAsync("acme");
            service.Receiver.Answering = _ => new Received(500);
            await service.PublishAsync("acme", "c");
            await service.Receiver.WaitForAsync(1, TestContext.Current.CancellationToken);
            var stopping = TimeProvider.System.GetTimestamp();
            Assert.Equal(0, await service.StopAsync());
            Assert.True(TimeProvider.System.GetElapsedTime(stopping) < Shutdown.Grace, "the log's loop did not end by itself");
            Assert.Single(Directory.EnumerateFiles(Path.Combine(service.Data, "attempts"), "*.db"));
        }
    }

    private static async Task<string?> WaitingAsync(RunningService service, string id, string member = "code") =>
        Text((await service.CallAsync("GET", $"{Deliveries}/{id}")).Json.GetProperty("waiting"), member);

    private static (int Status, string? Code) Of(Answer answer) => (answer.Status, answer.Code);

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();

    private static int Int(JsonElement element, string member) => element.GetProperty(member).GetInt32();
}
