using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Publishing;

/// <summary>The publish call over the whole service: what is accepted, and each refusal with its status and code.</summary>
public sealed class PublishCallTests : IAsyncLifetime
{
    private const string Path = "/api/account/acc/notifications";
    private const string Json = "application/json";
    private const string Ndjson = "application/x-ndjson";

    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync(
        ("SEALPOST_Publish__MaxEventBytes", "500"),
        ("SEALPOST_Publish__MaxRequestBytes", "2000"),
        ("SEALPOST_Publish__MaxLines", "5"),
        ("SEALPOST_Limits__StoredPerAccount", "3"));

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Every_line_gets_an_id_and_every_subscriber_a_delivery()
    {
        await _service.InstallAsync("acc");
        await _service.InstallAsync("acc");

        var (status, body) = await PublishAsync(Lines(Event("x", "a"), "", Event("x", "b"), Event("nobody", "c")), Ndjson);

        Assert.Equal(202, status);
        Assert.Equal(3, body.GetProperty("accepted").GetInt32());
        Assert.Equal(4, body.GetProperty("deliveries").GetInt32());
        Assert.Equal(3, body.GetProperty("ids").EnumerateArray().Select(id => id.GetString()).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_bad_line_is_named_and_nothing_of_the_request_is_accepted()
    {
        await _service.InstallAsync("acc");

        var (status, body) = await PublishAsync(Lines(Event("x", "a"), "", "{\"type\":\"x\"}", Event("x", "b")), Ndjson);

        Assert.Equal((400, "envelope_conversation"), (status, body.GetProperty("code").GetString()));
        Assert.Equal(3, body.GetProperty("line").GetInt32());
        Assert.Empty((await _service.CallAsync("GET", "/api/account/acc/deliveries")).Json.GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("", Json, null, 400, "body_empty")]
    [InlineData("\n\n", Ndjson, null, 400, "body_empty")]
    [InlineData("{", Json, null, 400, "envelope_json")]
    [InlineData("{}", "text/plain", null, 415, "media_type")]
    [InlineData("{}", "application/json; charset=utf-16", null, 415, "media_type")]
    [InlineData("{}", Json, "a key with blanks", 400, "idempotency_key_invalid")]
    public async Task Each_fault_has_its_status_and_code(string text, string type, string? key, int status, string code)
    {
        var (answered, body) = await PublishAsync(text, type, key);

        Assert.Equal((status, code), (answered, body.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Each_size_has_its_limit()
    {
        var large = new string('x', 600);

        Assert.Equal("event_too_large", await CodeAsync(413, Event("x", large), Json));
        Assert.Equal("too_many_lines", await CodeAsync(413, Lines([.. Enumerable.Repeat(Event("x", "a"), 6)]), Ndjson));
    }

    [Fact]
    public async Task The_same_key_and_body_get_the_same_answer_and_another_body_a_conflict()
    {
        await _service.InstallAsync("acc");

        var (_, first) = await PublishAsync(Event("x", "a"), Json, "k");
        var (status, again) = await PublishAsync(Event("x", "a"), Json, "k");

        Assert.Equal(202, status);
        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal("idempotency_conflict", await CodeAsync(409, Event("x", "b"), Json, "k"));
        Assert.Single((await _service.CallAsync("GET", "/api/account/acc/deliveries")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task An_account_with_too_much_stored_is_told_to_wait_and_no_other_is()
    {
        await _service.InstallAsync("acc", "\"enabled\":false");
        await PublishAsync(Lines(Event("x", "a"), Event("x", "b"), Event("x", "c")), Ndjson);

        Assert.Equal("backlog_full", await CodeAsync(429, Event("x", "d"), Json));
        Assert.Equal(202, (await _service.CallAsync("POST", "/api/account/other/notifications", Event("x", "d"))).Status);
    }

    [Fact]
    public async Task A_stranger_is_refused_before_the_body_is_looked_at() =>
        Assert.Equal(401, (await _service.CallAsync("POST", Path, "{", token: "nobody")).Status);

    private static string Event(string type, string conversation) =>
        $$$"""{"type":"{{{type}}}","body":{"conversationId":"{{{(conversation.Length > 200 ? "c" : conversation)}}}","text":"{{{conversation}}}"}}""";

    private static string Lines(params string[] events) => string.Join('\n', events);

    private async Task<string?> CodeAsync(int status, string text, string type, string? key = null)
    {
        var (answered, body) = await PublishAsync(text, type, key);
        Assert.Equal(status, answered);
        return body.GetProperty("code").GetString();
    }

    private async Task<(int Status, JsonElement Body)> PublishAsync(string text, string type, string? key = null)
    {
        using var request = _service.Request("POST", Path);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        using var response = await _service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonDocument.Parse(body).RootElement);
    }
}
