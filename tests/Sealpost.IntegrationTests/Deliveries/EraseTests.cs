using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Sealpost.IntegrationTests.Support;
using Received = Sealpost.Testing.Receivers.Answer;

namespace Sealpost.IntegrationTests.Deliveries;

/// <summary>Conversations are erased from everything that the service keeps: the files themselves are searched.</summary>
public sealed class EraseTests
{
    private const string Conversation = "geheim/grüße 1 %2F";
    private const string Path = "/api/account/acme/conversations/";
    private const string Said = "canary-body", Answered = "canary-response";

    [Fact]
    public async Task Nothing_of_an_erased_conversation_is_left_in_any_file_and_another_is_as_it_was()
    {
        await using var service = await RunningService.StartAsync();
        service.Receiver.Answering = request => new Received(request.Text.Contains("fail", StringComparison.Ordinal) ? 500 : 200)
        {
            Body = Encoding.UTF8.GetBytes(request.Text.Contains(Said, StringComparison.Ordinal) ? Answered : "other"),
        };
        await service.InstallAsync("acme");
        await service.InstallAsync("acme", webhooks: $$"""{"x":{"endpoint":"{{service.Receiver.Url}}","max_retries":1} }""");
        await service.InstallAsync("acme", """
            "enabled":false
            """);
        await service.PublishAsync("acme", Conversation, Body("fine"));
        await service.PublishAsync("acme", Conversation, Body("fail"));
        await service.PublishAsync("acme", Conversation, Body(new string('x', 200_000) + Said));
        await service.PublishAsync("acme", "other", """{"type":"x","text":"fail, and stay"}""");

        // Two installs deliver the first and the third; of the second one dies at once and one waits for its retry.
        await service.UntilAsync("/api/account/acme/deliveries?state=delivered", page => Count(page) == 4);
        await service.UntilAsync("/api/account/acme/deliveries?state=dead", page => Count(page) == 2);
        await service.UntilAsync("/api/account/acme/deliveries?state=pending", page => Count(page) == 6);
        for (var tries = 0; Files(service, Answered).Length == 0; tries++)
        {
            Assert.InRange(tries, 0, 500);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.NotEmpty(Files(service, Said));
        Assert.NotEmpty(Files(service, "geheim"));

        var erased = await service.CallAsync("DELETE", Path + Uri.EscapeDataString(Conversation));
        Assert.Equal(200, erased.Status);
        Assert.Equal(["conversation", "deliveries", "notifications", "attempts", "dropped"], erased.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal((Conversation, 9, 3, 2, 4), (erased.Text("conversation"), Int(erased, "deliveries"), Int(erased, "notifications"), Int(erased, "attempts"), Int(erased, "dropped")));
        Assert.Empty(Files(service, Said));
        Assert.Empty(Files(service, Answered));
        Assert.Empty(Files(service, "geheim"));

        var left = (await service.CallAsync("GET", "/api/account/acme/deliveries")).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(3, left.Count);
        Assert.All(left, item => Assert.Equal("other", item.GetProperty("conversation").GetString()));
        Assert.NotEmpty(Files(service, "and stay"));
        Assert.Equal((200, 0, 0), Of(await service.CallAsync("DELETE", Path + Uri.EscapeDataString(Conversation))));

        // The conversation may go on, and the other one's chain is whole.
        await service.PublishAsync("acme", Conversation, """{"type":"x","text":"anew"}""");
        await service.UntilAsync($"/api/account/acme/deliveries?conversation={Uri.EscapeDataString(Conversation)}&state=delivered", page => Count(page) == 2);
        Assert.Equal(6, Count((await service.CallAsync("GET", "/api/account/acme/deliveries")).Json));
        await service.RestartAsync();
        Assert.Equal(6, Count((await service.CallAsync("GET", "/api/account/acme/deliveries")).Json));
    }

    [Fact]
    public async Task A_delivery_in_flight_ends_with_its_attempt_before_it_is_erased()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        service.Receiver.Answering = _ => new Received(200) { Delay = TimeSpan.FromSeconds(1) };
        await service.PublishAsync("acme", "talk", Body("first"));
        await service.PublishAsync("acme", "talk", Body("second"));
        await service.Receiver.WaitForAsync(1, TestContext.Current.CancellationToken);

        var erased = await service.CallAsync("DELETE", Path + "talk");
        Assert.Equal((200, 2, 1), Of(erased));
        Assert.Single(service.Receiver.Requests);
        Assert.Empty(Files(service, Said));
    }

    [Fact]
    public async Task A_long_backlog_is_dropped_and_erased_and_what_stands_between_stays()
    {
        await using var service = await RunningService.StartAsync();
        var clientId = await service.InstallAsync("acme", """
            "enabled":false
            """);
        var lines = string.Join('\n', Enumerable.Range(0, 800).Select(i => $$"""{"type":"x","n":{{i}}}"""));
        foreach (var conversation in new[] { "gone", "stays", "gone", "stays", "gone", "stays" })
        {
            using var request = service.Request("POST", $"/api/account/acme/notifications?eventType=x&conversation={conversation}");
            request.Content = new StringContent(lines, new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-ndjson"));
            using var answer = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(202, (int)answer.StatusCode);
        }

        Assert.Equal((200, 2400, 2400), Of(await service.CallAsync("DELETE", Path + "gone")));
        var state = await service.CallAsync("GET", $"/api/account/acme/configuration/app-install/installations/{clientId}/state");
        Assert.Equal(2400, Int(state, "stored"));
        await service.CallAsync("POST", $"/api/account/acme/configuration/app-install/installations/{clientId}/enable");
        await service.UntilAsync($"/api/account/acme/configuration/app-install/installations/{clientId}/state", json => json.GetProperty("stored").GetInt32() == 0);
        Assert.Equal(2400, service.Receiver.Requests.Count);
    }

    [Fact]
    public async Task What_is_unknown_is_zeros_or_a_404_and_what_is_wrong_a_400()
    {
        await using var service = await RunningService.StartAsync();
        await service.InstallAsync("acme");
        await service.InstallAsync("other");
        await service.PublishAsync("other", "talk");
        await service.OnlyDeliveryAsync("other", "delivered");
        Assert.Equal((200, 0, 0), Of(await service.CallAsync("DELETE", Path + "talk")));
        Assert.Equal("account_not_found", (await service.CallAsync("DELETE", "/api/account/nobody/conversations/talk")).Code);
        Assert.Equal("conversation_invalid", (await service.CallAsync("DELETE", Path + new string('x', 257))).Code);
        Assert.Equal("conversation_invalid", (await service.CallAsync("DELETE", Path + "a/b")).Code);
        var token = (await service.CallAsync("POST", "/api/account/other/tokens", """{"name":"t","scopes":["read","publish"]}""")).Text("token");
        Assert.Equal(403, (await service.CallAsync("DELETE", "/api/account/other/conversations/talk", token: token)).Status);
        await service.OnlyDeliveryAsync("other", "delivered");
    }

    private static string Body(string text) => $$"""{"type":"x","text":"{{Said}} {{text}}"}""";

    private static int Count(JsonElement page) => page.GetProperty("items").GetArrayLength();

    private static int Int(Answer answer, string member) => answer.Json.GetProperty(member).GetInt32();

    private static (int Status, int Deliveries, int Dropped) Of(Answer answer) => (answer.Status, Int(answer, "deliveries"), Int(answer, "dropped"));

    // In a process of its own: a file of SQLite's that is closed here would take the process's locks on it along.
    private static string[] Files(RunningService service, string text)
    {
        using var grep = Process.Start(new ProcessStartInfo("grep", ["-rlaF", text, service.Data]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var found = grep.StandardOutput.ReadToEnd();
        grep.WaitForExit();
        return found.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
