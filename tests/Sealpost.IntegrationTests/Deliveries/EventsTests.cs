using System.Net.ServerSentEvents;
using System.Text.Json;
using Sealpost.IntegrationTests.Support;
using Received = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Deliveries;

public sealed class EventsTests
{
    private const string Events = "/api/account/acme/events";

    [Fact]
    public async Task Attempts_arrive_as_they_end_and_a_reader_that_comes_back_misses_none()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme");
        await service.InstallAsync("other");
        var first = await FollowAsync(service);
        await service.PublishAsync("other", "c");
        await service.PublishAsync("acme", "c");
        var live = await NextAsync(first);
        await first.DisposeAsync();

        Assert.Equal("attempt", live.EventType);
        var told = JsonElement.Parse(live.Data);
        Assert.Equal((clientId, "c", "delivered", "delivered"), (Text(told, "client_id"), Text(told, "conversation"), Text(told, "outcome"), Text(told, "decision")));
        Assert.Equal((1, 1, 200), (Int(told, "sequence"), Int(told, "attempt"), Int(told, "status")));

        service.Receiver.Answering = _ => new Received(500);
        await service.PublishAsync("acme", "c");
        await service.UntilAsync("/api/account/acme/deliveries?state=dead", page => page.GetProperty("items").GetArrayLength() == 1);
        await using var second = await FollowAsync(service, live.EventId);
        var missed = await NextAsync(second);
        Assert.Equal("not_retried", Text(JsonElement.Parse(missed.Data), "reason"));
        Assert.True(long.Parse(missed.EventId!) > long.Parse(live.EventId!));
    }

    [Fact]
    public async Task A_stream_is_opened_by_who_may_read_and_ends_with_the_process()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        Assert.Equal(401, (await service.CallAsync("GET", Events, token: "nobody")).Status);
        Assert.Equal(404, (await service.CallAsync("GET", "/api/account/nobody/events")).Status);
        await using var stream = await FollowAsync(service);
        var end = NextAsync(stream);
        Assert.Equal(0, await service.StopAsync());
        Assert.Equal(("end", "stopping"), ((await end).EventType, Text(JsonElement.Parse((await end).Data), "code")));
        Assert.False(await stream.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("lastEventId=yesterday", "lastEventId")]
    [InlineData("lastEventId=-1", "lastEventId")]
    [InlineData("client_id=app", "client_id")]
    [InlineData("conversation=%01", "conversation")]
    public async Task A_wrong_parameter_is_named(string query, string parameter)
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        var answer = await service.CallAsync("GET", $"{Events}?{query}");
        Assert.Equal((400, "filter_invalid", parameter), (answer.Status, answer.Code, answer.Text("parameter")));
    }

    [Fact]
    public async Task A_restart_is_a_gap_and_so_says_the_stream()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        await service.PublishAsync("acme", "c");
        await service.OnlyDeliveryAsync("acme", "delivered");
        await using var first = await FollowAsync(service, "0");
        await NextAsync(first);
        await NextAsync(first);
        var last = (await NextAsync(first)).EventId!;
        await service.RestartAsync();
        await service.PublishAsync("acme", "c2");

        await using var second = await FollowAsync(service, query: "?lastEventId=" + last);
        var gap = await NextAsync(second);
        var next = await NextAsync(second);

        Assert.Equal(("gap", "restarted", last), (gap.EventType, Text(JsonElement.Parse(gap.Data), "reason"), Text(JsonElement.Parse(gap.Data), "after")));
        Assert.Equal(("attempt", "c2"), (next.EventType, Text(JsonElement.Parse(next.Data), "conversation")));
        Assert.True(long.Parse(gap.EventId!) > long.Parse(last) && long.Parse(next.EventId!) > long.Parse(gap.EventId!));
    }

    [Fact]
    public async Task What_becomes_of_an_install_and_of_what_it_is_owed_is_told()
    {
        await using var service = await RunningService.StartAsync();
        await using var stream = await FollowAsync(service, account: await MadeAsync(service));
        var clientId = await service.InstallAsync("acme", "\"enabled\":false");
        Assert.Equal("created", Text(JsonElement.Parse((await NextAsync(stream)).Data), "change"));
        await service.PublishAsync("acme", "c");
        var delivery = Text(await service.OnlyDeliveryAsync("acme", "pending"), "id");
        Assert.Equal(200, (await service.CallAsync("POST", $"/api/account/acme/deliveries/{delivery}/drop")).Status);

        var dead = await NextAsync(stream);
        Assert.Equal("dead", dead.EventType);
        var told = JsonElement.Parse(dead.Data);
        Assert.Equal((clientId, "dropped_by_operator", 1, delivery), (Text(told, "client_id"), Text(told, "reason"), Int(told, "count"), told.GetProperty("deliveries")[0].GetString()));

        var item = $"/api/account/acme/configuration/app-install/installations/{clientId}";
        await service.CallAsync("POST", item + "/enable");
        Assert.Equal("enabled", Text(JsonElement.Parse((await NextAsync(stream)).Data), "change"));
        await service.CallAsync("POST", item + "/disable");
        var seen = new List<string>();
        while (!seen.Contains("operational"))
        {
            var live = await NextAsync(stream);
            seen.Add(live.EventType == "install" ? "install " + Text(JsonElement.Parse(live.Data), "change") : live.EventType);
        }

        Assert.Contains("install disabled", seen);
    }

    [Fact]
    public async Task A_filter_leaves_the_rest_out()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        await using var stream = await FollowAsync(service, query: "?conversation=wanted");
        await service.PublishAsync("acme", "other");
        await service.PublishAsync("acme", "wanted");
        Assert.Equal("wanted", Text(JsonElement.Parse((await NextAsync(stream)).Data), "conversation"));
    }

    [Theory]
    [InlineData("token")]
    [InlineData("login")]
    public async Task A_revoked_token_ends_its_stream_within_a_second_and_that_of_a_login_with_it(string kind)
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        var made = await service.CallAsync("POST", "/api/account/acme/tokens", """{"name":"t","scopes":["manage"]}""");
        var bearer = kind == "token"
            ? made.Text("token")
            : (await service.CallAsync("POST", "/api/account/acme/login", $$"""{"username":"ann","password":"{{made.Text("token")}}"}""")).Text("bearer");
        await using var stream = await FollowAsync(service, token: bearer);
        await using var other = await FollowAsync(service);
        var end = NextAsync(stream);

        Assert.Equal(204, (await service.CallAsync("DELETE", $"/api/account/acme/tokens/{made.Text("id")}")).Status);
        var live = await end.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);

        Assert.Equal(("end", "token_revoked"), (live.EventType, Text(JsonElement.Parse(live.Data), "code")));
        Assert.False(await stream.MoveNextAsync());
        Assert.Equal(401, (await service.CallAsync("GET", Events, token: bearer)).Status);
        await service.PublishAsync("acme", "c");
        Assert.Equal("attempt", (await NextAsync(other)).EventType);
    }

    private static async Task<string> MadeAsync(RunningService service)
    {
        await service.CallAsync("POST", "/api/accounts", """{"id":"acme"}""");
        return "acme";
    }

    // Open, with the greeting read: from here on every attempt is an event.
    private static async Task<IAsyncEnumerator<SseItem<string>>> FollowAsync(
        RunningService service, string? lastEventId = null, string query = "", string? token = null, string account = "acme")
    {
        using var request = service.Request("GET", $"/api/account/{account}/events{query}", token);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.EnsureSuccessStatusCode().Content.Headers.ContentType!.MediaType);
        var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        return SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
    }

    private static async Task<SseItem<string>> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        return events.Current;
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();

    private static int Int(JsonElement element, string member) => element.GetProperty(member).GetInt32();
}
