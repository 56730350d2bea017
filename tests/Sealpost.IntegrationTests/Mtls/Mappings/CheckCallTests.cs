using System.Text.Json;
using Sealpost.Accounts.AppKeys;
using Sealpost.IntegrationTests.Support;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.IntegrationTests.Mtls.Mappings;

/// <summary>The check of mappings, one batched call for whoever may read (protocol 5).</summary>
public sealed class CheckCallTests : IAsyncLifetime
{
    private const string Url = "https://Bank.example/hook?x=1&y='2'";

    private MtlsCalls _calls = null!;
    private OAuthKey _key = null!;
    private long _certificate;

    public async ValueTask InitializeAsync()
    {
        _calls = await MtlsCalls.StartAsync();
        _key = await _calls.Signed.KeyAsync("125634", "\"MTLS_READ_INTERNAL\"");
        _certificate = await _calls.CertificateAsync("125634", "bank");
        await _calls.MappingAsync("125634", _certificate, "m", Url);
    }

    public ValueTask DisposeAsync() => _calls.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("?v=1")]
    public async Task Version_1_answers_with_keys_spelled_as_in_the_protocol(string query)
    {
        var answer = await CheckAsync($"[{Question(Url)},{Question("https://bank.example/")},{Question(Url)}]", query);
        Assert.Equal(200, answer.Status);
        Assert.Equal(
            """{"CertificateMappingParamters{serviceName='WEBHOOKS', accountId='125634', url='"""
            + Url + """'}":true,"CertificateMappingParamters{serviceName='WEBHOOKS', accountId='125634', url='https://bank.example/'}":false}""",
            answer.Body);
    }

    [Fact]
    public async Task Version_2_answers_with_the_list_in_its_order()
    {
        var answer = await CheckAsync($"[{Question("https://bank.example/")},{Question(Url)},{Question(Url)}]", "?v=2");
        Assert.Equal(200, answer.Status);
        var answers = Json(answer);
        Assert.Equal([false, true, true], answers.Select(one => one.GetProperty("doExist").GetBoolean()));
        Assert.Equal(("WEBHOOKS", "125634", Url), (answers[1].GetProperty("serviceName").GetString(), answers[1].GetProperty("accountId").GetString(), answers[1].GetProperty("url").GetString()));
    }

    [Fact]
    public async Task The_whole_url_is_compared_for_its_account_and_service()
    {
        async Task<bool> Exists(string question) => Json(await CheckAsync($"[{question}]", "?v=2")).Single().GetProperty("doExist").GetBoolean();
        Assert.True(await Exists(Question(Url)));
        Assert.True(await Exists(Question(Url.Replace("Bank.example", "bank.EXAMPLE:443", StringComparison.Ordinal))));
        Assert.True(await Exists(Question(Url).Replace("\"125634\"", "125634", StringComparison.Ordinal)));
        Assert.False(await Exists(Question(Url[..^1])));
        Assert.False(await Exists(Question("https://bank.example/hook")));
        Assert.False(await Exists(Question(Url, service: "IDP")));
        Assert.False(await Exists(Question(Url, service: "webhooks")));
        Assert.False(await Exists(Question(Url, service: "2")));
        Assert.False(await Exists(Question("no url")));
        Assert.False(await Exists(Question("http://bank.example/hook?x=1&y='2'")));
    }

    [Fact]
    public async Task A_mapping_exists_while_it_is_enabled_whatever_becomes_of_its_certificate()
    {
        async Task<bool> Exists() => Json(await CheckAsync($"[{Question(Url)}]", "?v=2")).Single().GetProperty("doExist").GetBoolean();
        Assert.Equal(200, (await _calls.Host.Call("DELETE", $"{MtlsCalls.Certificates("125634")}/{_certificate}")).Status);
        Assert.True(await Exists());
        await _calls.Host.Call("PUT", MtlsCalls.Mappings("125634"), body: """{"name":"m","enable":false}""");
        Assert.False(await Exists());
        await _calls.Host.Call("PUT", MtlsCalls.Mappings("125634"), body: """{"name":"m","enable":true}""");
        Assert.True(await Exists());
        await _calls.Host.Call("DELETE", MtlsCalls.Mappings("125634") + "&name=m");
        Assert.False(await Exists());
    }

    [Fact]
    public async Task A_batch_is_a_thousand_questions_and_one_more_is_refused()
    {
        string List(int count) => $"[{string.Join(',', Enumerable.Range(0, count).Select(number => Question(number == 999 ? Url : $"https://bank.example/{number}")))}]";
        var answers = Json(await CheckAsync(List(1000), "?v=2"));
        Assert.Equal(1000, answers.Length);
        Assert.Equal(999, Array.FindIndex(answers, one => one.GetProperty("doExist").GetBoolean()));
        var first = await CheckAsync(List(1000), "?v=1");
        Assert.Equal((200, 1), (first.Status, first.Body.Split("'}\":true").Length - 1));
        var refused = await CheckAsync(List(1001), "?v=2");
        Assert.Equal((400, "too_many_questions"), (refused.Status, refused.Code));
    }

    [Theory]
    [InlineData("?v=3", "[]", "version_unsupported")]
    [InlineData("?v=", "[]", "version_unsupported")]
    [InlineData("?v=1&v=1", "[]", "version_unsupported")]
    [InlineData("?v=2", "[null]", "json_invalid")]
    [InlineData("?v=2", "{", "json_invalid")]
    [InlineData("?v=2", """[{"accountId":"125634","url":"https://a.example/"}]""", "mapping_question_invalid")]
    [InlineData("?v=2", """[{"serviceName":"WEBHOOKS","url":"https://a.example/"}]""", "mapping_question_invalid")]
    [InlineData("?v=2", """[{"serviceName":"WEBHOOKS","accountId":"125634"}]""", "mapping_question_invalid")]
    public async Task A_malformed_check_is_refused(string query, string body, string code)
    {
        var answer = await CheckAsync(body, query);
        Assert.Equal((400, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task No_question_has_no_answer()
    {
        Assert.Equal("{}", (await CheckAsync("[]", "?v=1")).Body);
        Assert.Empty(Json(await CheckAsync("[]", "?v=2")));
    }

    [Fact]
    public async Task The_check_is_for_app_keys_that_may_read_alone()
    {
        var bearer = await _calls.Host.Call("POST", "/mtls/mapping?v=2", body: $"[{Question(Url)}]");
        Assert.Equal((401, "unauthenticated"), (bearer.Status, bearer.Code));
        Assert.Equal("OAuth realm=\"sealpost\"", bearer.Headers.WwwAuthenticate.ToString());
        _key = await _calls.Signed.KeyAsync("125634", "\"MTLS_FORWARD\",\"MTLS_WRITE_INTERNAL\"");
        Assert.Equal((403, "forbidden"), ((await CheckAsync($"[{Question(Url)}]", "?v=2")) is var answer ? (answer.Status, answer.Code) : default));
    }

    [Fact]
    public async Task The_platforms_key_asks_about_all_accounts_at_once()
    {
        var other = await _calls.CertificateAsync("other", "c");
        await _calls.MappingAsync("other", other, "m", "https://other.example/");
        _key = _calls.Host.Get<AppKeyDirectory>().Platform.OAuth;
        var answers = Json(await CheckAsync($"[{Question(Url)},{Question("https://other.example/", account: "other")},{Question(Url, account: "other")},{Question(Url, account: "nowhere")}]", "?v=2"));
        Assert.Equal([true, true, false, false], answers.Select(one => one.GetProperty("doExist").GetBoolean()));
        Assert.Equal(403, (await CheckAsync($"[{Question(Url, account: "a/b")}]", "?v=2")).Status);
    }

    private static string Question(string url, string service = "WEBHOOKS", string account = "125634") =>
        $$"""{"serviceName":"{{service}}","accountId":"{{account}}","url":"{{url}}"}""";

    private static JsonElement[] Json(Answer answer)
    {
        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType));
        return [.. answer.Json.EnumerateArray()];
    }

    private Task<Answer> CheckAsync(string body, string query) => _calls.Host.Call(
        "POST", $"/mtls/mapping{query}", token: null, body, ("Authorization", _calls.Signed.Sign(_key, $"POST /mtls/mapping{query}")));
}
