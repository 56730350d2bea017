using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sealpost.IntegrationTests.Support;
using Received = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Deliveries.Replay;

public sealed class ReplayRangeTests
{
    private const string Replays = "/api/account/acme/replay";
    private const string Deliveries = "/api/account/acme/deliveries";
    private const string Installations = "/api/account/acme/configuration/app-install/installations";

    [Fact]
    public async Task A_range_is_sent_again_in_its_original_order_beside_what_is_published_meanwhile()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");
        await PublishAsync(service, 0, 300, conversations: 3);
        await DeliveredAsync(service, 300);

        var job = await StartAsync(service, clientId, "all");
        await PublishAsync(service, 300, 50, conversations: 1);
        var done = await OverAsync(service, job);

        Assert.Equal((300, 300, 0, "done"), (Int(done, "total"), Int(done, "done"), Int(done, "skipped"), done.GetProperty("state").GetString()));
        Assert.Equal(JsonValueKind.Null, done.GetProperty("waiting").ValueKind);
        var received = await service.Receiver.WaitForAsync(650, TestContext.Current.CancellationToken);
        var numbers = received.Select(request => JsonElement.Parse(request.Text)).Select(body => (Talk: Int(body, "talk"), N: Int(body, "n"))).ToList();
        for (var talk = 0; talk < 3; talk++)
        {
            var ofTalk = numbers.Where(number => number.Talk == talk).Select(number => number.N).ToList();
            var published = Enumerable.Range(0, 300).Where(n => n % 3 == talk).ToList();
            Assert.Equal(published, ofTalk.Take(100));

            // What was published meanwhile stands anywhere among them, itself in order.
            Assert.Equal(published, ofTalk.Skip(100).Where(n => n < 300));
            Assert.Equal(talk == 0 ? Enumerable.Range(300, 50) : [], ofTalk.Where(n => n >= 300));
        }
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_taken()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");
        var other = await service.InstallAsync("acme", webhooks: $$"""{"y":{"endpoint":"{{service.Receiver.Url}}"} }""");
        service.Receiver.Answering = request => new Received(Int(JsonElement.Parse(request.Text), "n") % 2 == 0 ? 200 : 500);
        await PublishAsync(service, 0, 6, conversations: 2);
        await service.UntilAsync($"{Deliveries}?state=pending", page => page.GetProperty("items").GetArrayLength() == 0);
        service.Receiver.Answering = _ => new Received(200);

        Assert.Equal(3, Int(await OverAsync(service, await StartAsync(service, clientId, "dead")), "done"));
        Assert.Equal(3, Int(await OverAsync(service, await StartAsync(service, clientId, "delivered", "\"conversation\":\"talk 0\",")), "done"));
        Assert.Equal(0, Int(await OverAsync(service, await StartAsync(service, clientId, "delivered", "\"conversation\":\"talk 2\",")), "total"));
        Assert.Equal(0, Int(await OverAsync(service, await StartAsync(service, other, "all")), "total"));
        Assert.Equal(0, Int(await OverAsync(service, await StartAsync(service, clientId, "all", since: "2001-01-01", until: "2002-01-01")), "total"));

        var items = (await service.CallAsync("GET", Replays)).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(5, items.Count);
        Assert.Equal("dead", items[^1].GetProperty("deliveryState").GetString());
        Assert.Equal("talk 0", items[^2].GetProperty("conversation").GetString());
    }

    [Fact]
    public async Task A_job_goes_on_after_a_restart_where_it_was()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");
        await PublishAsync(service, 0, 500, conversations: 1);
        await DeliveredAsync(service, 500);
        service.Receiver.Answering = _ => new Received(200) { Delay = TimeSpan.FromMilliseconds(2) };
        var job = await StartAsync(service, clientId, "all");
        await service.UntilAsync($"{Replays}/{job}", shown => Int(shown, "done") > 0);

        await service.RestartAsync();
        var done = await OverAsync(service, job);

        Assert.Equal((500, 500, 0), (Int(done, "total"), Int(done, "done"), Int(done, "skipped")));
        await service.UntilAsync($"{Deliveries}?state=pending", page => page.GetProperty("items").GetArrayLength() == 0);
        Assert.Equal(500L, Query(service, "SELECT count(DISTINCT replay_of) FROM deliveries WHERE replay_of IS NOT NULL"));
        Assert.Equal(500L, Query(service, "SELECT count(*) FROM deliveries WHERE replay_of IS NOT NULL"));
    }

    [Fact]
    public async Task A_disabled_install_is_waited_for_and_a_cancelled_job_accepts_nothing_more()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");
        await PublishAsync(service, 0, 5, conversations: 1);
        await DeliveredAsync(service, 5);
        await service.CallAsync("POST", $"{Installations}/{clientId}/disable");
        var job = await StartAsync(service, clientId, "all");

        var waiting = await service.UntilAsync($"{Replays}/{job}", shown => shown.GetProperty("waiting").ValueKind == JsonValueKind.Object);
        Assert.Equal(("install_disabled", "running", 0), (waiting.GetProperty("waiting").GetProperty("code").GetString(), waiting.GetProperty("state").GetString(), Int(waiting, "done")));
        var second = await service.CallAsync("POST", Replays, Body(clientId, "all"));
        Assert.Equal((409, "replay_running"), (second.Status, second.Code));

        var cancelled = await service.CallAsync("POST", $"{Replays}/{job}/cancel");
        Assert.Equal((200, "cancelled"), (cancelled.Status, cancelled.Text("state")));
        Assert.NotNull(cancelled.Text("finishedAt"));
        Assert.Equal(200, (await service.CallAsync("POST", $"{Replays}/{job}/cancel")).Status);
        await service.CallAsync("POST", $"{Installations}/{clientId}/enable");
        var other = await StartAsync(service, clientId, "all");
        Assert.Equal(5, Int(await OverAsync(service, other), "done"));
        Assert.Equal(5L, Query(service, "SELECT count(*) FROM deliveries WHERE replay_of IS NOT NULL"));
        var late = await service.CallAsync("POST", $"{Replays}/{other}/cancel");
        Assert.Equal((409, "replay_over"), (late.Status, late.Code));
    }

    [Fact]
    public async Task A_full_backlog_is_waited_for()
    {
        await using var service = await RunningService.StartAsync(("SEALPOST_Limits__StoredPerAccount", "4"));
        var clientId = await service.InstallAsync("acme");
        await PublishAsync(service, 0, 3, conversations: 1);
        await DeliveredAsync(service, 3);
        var blocked = await service.InstallAsync("acme", """
            "enabled":false
            """, webhooks: $$"""{"y":{"endpoint":"{{service.Receiver.Url}}"} }""");
        await service.CallAsync("POST", "/api/account/acme/notifications?eventType=y&conversation=c", """{"n":1}""");
        var lines = new StringContent("{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n", new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-ndjson"));
        using var publish = service.Request("POST", "/api/account/acme/notifications?eventType=y&conversation=c");
        publish.Content = lines;
        (await service.Client.SendAsync(publish, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        var job = await StartAsync(service, clientId, "all");
        var waiting = await service.UntilAsync($"{Replays}/{job}", shown => shown.GetProperty("waiting").ValueKind == JsonValueKind.Object);
        Assert.Equal("backlog_full", waiting.GetProperty("waiting").GetProperty("code").GetString());
        Assert.Equal(3, Int(waiting, "total"));

        await service.CallAsync("POST", $"{Installations}/{blocked}/enable");
        Assert.Equal(3, Int(await OverAsync(service, job), "done"));
    }

    [Fact]
    public async Task A_job_keeps_few_deliveries_in_the_lanes_and_says_so()
    {
        await using var service = await RunningService.StartAsync(("SEALPOST_Retry__BackoffBase", "00:01:00"));
        var clientId = await service.InstallAsync("acme", webhooks: service.Webhook("""
            "retry":{"retention_time":3600}
            """));
        await PublishAsync(service, 0, 400, conversations: 4);
        await DeliveredAsync(service, 400);
        service.Receiver.Answering = _ => new Received(500);
        var job = await StartAsync(service, clientId, "all");

        var waiting = await service.UntilAsync($"{Replays}/{job}", shown => Int(shown, "done") == 200);

        waiting = await service.UntilAsync($"{Replays}/{job}", shown => shown.GetProperty("waiting").ValueKind == JsonValueKind.Object);
        Assert.Equal("replayed_pending", waiting.GetProperty("waiting").GetProperty("code").GetString());
        Assert.Equal(200, Int(waiting, "done"));
    }

    [Fact]
    public async Task An_install_that_is_deleted_ends_its_job()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");
        await PublishAsync(service, 0, 5, conversations: 1);
        await DeliveredAsync(service, 5);
        await service.CallAsync("POST", $"{Installations}/{clientId}/disable");
        var job = await StartAsync(service, clientId, "all");
        var present = await service.CallAsync("GET", $"{Installations}/{clientId}");
        using var delete = service.Request("DELETE", $"{Installations}/{clientId}");
        delete.Headers.TryAddWithoutValidation("If-Match", present.Revision);
        (await service.Client.SendAsync(delete, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        var over = await OverAsync(service, job);

        Assert.Equal(("failed", "install_deleted"), (over.GetProperty("state").GetString(), over.GetProperty("error").GetString()));
        Assert.Equal((404, "install_not_found"), Of(await service.CallAsync("POST", Replays, Body(clientId, "all"))));
    }

    [Fact]
    public async Task What_has_no_webhook_any_more_or_was_removed_meanwhile_counts_as_skipped()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");
        await PublishAsync(service, 0, 5, conversations: 1);
        await DeliveredAsync(service, 5);
        await service.CallAsync("POST", $"{Installations}/{clientId}/disable");
        var job = await StartAsync(service, clientId, "all");
        Query(service, "UPDATE notifications SET body=x'' WHERE id=(SELECT min(id) FROM notifications)");
        Query(service, "DELETE FROM deliveries WHERE id=(SELECT max(id) FROM deliveries)");
        await service.CallAsync("POST", $"{Installations}/{clientId}/enable");

        var over = await OverAsync(service, job);

        Assert.Equal((5, 3, 2, "done"), (Int(over, "total"), Int(over, "done"), Int(over, "skipped"), over.GetProperty("state").GetString()));
    }

    [Theory]
    [InlineData("""{"client_id":"4711","since":"2026-01-01","until":"2026-01-02","state":"all"}""", "client_id")]
    [InlineData("""{"client_id":"ID","conversation":"","since":"2026-01-01","until":"2026-01-02","state":"all"}""", "conversation")]
    [InlineData("""{"client_id":"ID","since":"yesterday","until":"2026-01-02","state":"all"}""", "since")]
    [InlineData("""{"client_id":"ID","since":"2026-01-01","state":"all"}""", "until")]
    [InlineData("""{"client_id":"ID","since":"2026-01-02","until":"2026-01-02","state":"all"}""", "until")]
    [InlineData("""{"client_id":"ID","since":"2026-01-01","until":"2026-01-02","state":"pending"}""", "state")]
    public async Task A_bad_wish_is_a_400_that_names_the_member(string body, string member)
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");

        var answer = await service.CallAsync("POST", Replays, body.Replace("ID", clientId, StringComparison.Ordinal));

        Assert.Equal((400, "replay_invalid"), (answer.Status, answer.Code));
        Assert.Equal(member, answer.Text("member"));
    }

    [Fact]
    public async Task Unknown_members_accounts_installs_and_jobs_are_told_apart()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");
        Assert.Equal((400, "json_invalid"), Of(await service.CallAsync("POST", Replays, Body(clientId, "all", "\"from\":1,"))));
        Assert.Equal((400, "json_invalid"), Of(await service.CallAsync("POST", Replays, "[]")));
        Assert.Equal((404, "install_not_found"), Of(await service.CallAsync("POST", Replays, Body(Guid.NewGuid().ToString(), "all"))));
        Assert.Equal((404, "account_not_found"), Of(await service.CallAsync("POST", "/api/account/nobody/replay", Body(clientId, "all"))));
        Assert.Equal((404, "replay_not_found"), Of(await service.CallAsync("GET", $"{Replays}/job_0000000000001")));
        Assert.Equal((404, "replay_not_found"), Of(await service.CallAsync("POST", $"{Replays}/x/cancel")));
        var reader = (await service.CallAsync("POST", "/api/account/acme/tokens", """{"name":"t","scopes":["read"]}""")).Text("token");
        Assert.Equal((403, "forbidden"), Of(await service.CallAsync("POST", Replays, Body(clientId, "all"), reader)));
        Assert.Equal(200, (await service.CallAsync("GET", Replays, token: reader)).Status);
        var job = await StartAsync(service, clientId, "all");
        await service.InstallAsync("other");
        Assert.Equal((404, "replay_not_found"), Of(await service.CallAsync("GET", $"/api/account/other/replay/{job}")));
    }

    private static async Task PublishAsync(RunningService service, int from, int count, int conversations)
    {
        for (var n = from; n < from + count; n++)
        {
            var talk = n % conversations;
            await service.PublishAsync("acme", $"talk {talk}", string.Create(CultureInfo.InvariantCulture, $$"""{"talk":{{talk}},"n":{{n}}}"""));
        }
    }

    private static async Task DeliveredAsync(RunningService service, int count)
    {
        await service.Receiver.WaitForAsync(count, TestContext.Current.CancellationToken);
        await service.UntilAsync($"{Deliveries}?state=pending", page => page.GetProperty("items").GetArrayLength() == 0);
    }

    private static async Task<string> StartAsync(
        RunningService service, string clientId, string state, string members = "", string since = "2000-01-01T00:00:00Z", string until = "2100-01-01T00:00:00Z")
    {
        var answer = await service.CallAsync("POST", Replays, Body(clientId, state, members, since, until));
        Assert.Equal(202, answer.Status);
        return answer.Text("job");
    }

    private static string Body(string clientId, string state, string members = "", string since = "2000-01-01T00:00:00Z", string until = "2100-01-01T00:00:00Z") =>
        $$"""{"client_id":"{{clientId}}",{{members}}"since":"{{since}}","until":"{{until}}","state":"{{state}}"}""";

    private static Task<JsonElement> OverAsync(RunningService service, string job) =>
        service.UntilAsync($"{Replays}/{job}", shown => shown.GetProperty("state").GetString() != "running");

    private static object? Query(RunningService service, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(service.Data, "sealpost.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static int Int(JsonElement element, string member) => element.GetProperty(member).GetInt32();

    private static (int Status, string? Code) Of(Answer answer) => (answer.Status, answer.Code);
}
