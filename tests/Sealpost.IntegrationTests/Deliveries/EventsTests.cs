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
        var end = stream.MoveNextAsync();
        Assert.Equal(0, await service.StopAsync());
        Assert.False(await end.AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    // Open, with the greeting read: from here on every attempt is an event.
    private static async Task<IAsyncEnumerator<SseItem<string>>> FollowAsync(RunningService service, string? lastEventId = null)
    {
        using var request = service.Request("GET", Events);
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
