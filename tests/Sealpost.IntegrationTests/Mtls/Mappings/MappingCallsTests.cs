using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Mtls.Mappings;

/// <summary>The calls about mapping objects (protocol 5).</summary>
public sealed class MappingCallsTests : IAsyncLifetime
{
    private const string Url = "https://Bank.example/hook?x=1";

    private MtlsCalls _calls = null!;
    private long _certificate;

    public async ValueTask InitializeAsync()
    {
        _calls = await MtlsCalls.StartAsync();
        _certificate = await _calls.CertificateAsync("125634", "bank");
    }

    public ValueTask DisposeAsync() => _calls.DisposeAsync();

    [Fact]
    public async Task A_mapping_comes_back_with_the_protocols_spellings_as_it_was_given()
    {
        var made = await CallAsync("POST", $$"""[{"certificationId":"{{_certificate}}","serviceId":"2","enable":true,"url":"{{Url}}","siteId":"125634","name":"m","deleted":false}]""");
        var id = made.Json[0].GetProperty("id").GetInt64();
        var shape = $$"""[{"id":{{id}},"certificationId":"{{_certificate}}","serviceId":"2","enable":true,"url":"{{Url}}","siteId":"125634","name":"m","deleted":false}]""";
        Assert.Equal((201, shape), (made.Status, made.Body));
        Assert.Equal((200, shape), ((await CallAsync("GET")) is var list ? (list.Status, list.Body) : default));
    }

    [Fact]
    public async Task One_object_alone_numbers_for_ids_unknown_members_and_no_version_are_taken_too()
    {
        var made = await _calls.Host.Call(
            "POST", Path()[..^"?v=3.0".Length], body: $$"""{"certificationId":{{_certificate}},"serviceId":2,"url":"{{Url}}","siteId":125634,"name":"m","createdBy":{"x":1} }""");
        Assert.Equal((201, true), (made.Status, made.Json[0].GetProperty("enable").GetBoolean()));
        var id = made.Json[0].GetProperty("id").GetInt64();
        var changed = await CallAsync("PUT", $$"""{"id":"{{id}}","enable":false}""");
        Assert.Equal((200, false, "m"), (changed.Status, changed.Json[0].GetProperty("enable").GetBoolean(), changed.Json[0].GetProperty("name").GetString()));
        Assert.Equal(200, (await CallAsync("DELETE", $$"""{"id":{{id}} }""")).Status);
        Assert.Equal("[]", (await CallAsync("GET")).Body);
    }

    [Theory]
    [InlineData("v=1.0")]
    [InlineData("v=3")]
    [InlineData("v=")]
    [InlineData("v=3.0&v=3.0")]
    public async Task Another_version_is_refused(string query)
    {
        var answer = await _calls.Host.Call("GET", Path().Replace("v=3.0", query, StringComparison.Ordinal));
        Assert.Equal((400, "version_unsupported"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_name_and_a_url_of_a_service_are_unique()
    {
        await MakeAsync("m", Url);
        await RefusedAsync("POST", One("m", "https://bank.example/other"), 409, "mapping_name_taken");
        await RefusedAsync("POST", One("n", Url.Replace("Bank", "bank", StringComparison.Ordinal)), 409, "mapping_url_taken");
        await RefusedAsync("POST", $"[{One("n", "https://bank.example/n")},{One("n", "https://bank.example/o")}]", 409, "mapping_name_taken");
        Assert.Equal(1, (await CallAsync("GET")).Json.GetArrayLength());
        Assert.Equal(201, (await CallAsync("POST", One("n", Url, service: "1"))).Status);
    }

    [Fact]
    public async Task What_a_mapping_must_not_be_is_refused_and_nothing_of_the_call_is_kept()
    {
        await RefusedAsync("POST", $"[{One("ok", "https://bank.example/ok")},{One("m", "http://bank.example/")}]", 400, "mapping_url_invalid");
        await RefusedAsync("POST", One("m", "https://bank.example/%2e%2e/x"), 400, "mapping_url_invalid");
        await RefusedAsync("POST", One("m", Url, service: "9"), 400, "mapping_service_invalid");
        await RefusedAsync("POST", One("", Url), 400, "mapping_name_invalid");
        await RefusedAsync("POST", One("m", Url, certificate: 1), 400, "mapping_certificate_not_found");
        await RefusedAsync("POST", One("m", Url)[..^1] + ""","siteId":"1"}""", 400, "mapping_site_mismatch");
        await RefusedAsync("POST", One("m", Url)[..^1] + ""","deleted":true}""", 400, "mapping_deleted");
        await RefusedAsync("POST", "[null]", 400, "json_invalid");
        await RefusedAsync("POST", "", 400, "json_invalid");
        await RefusedAsync("POST", "\"m\"", 400, "json_invalid");
        await RefusedAsync("POST", $"[{string.Join(',', Enumerable.Range(0, 1001).Select(_ => "{}"))}]", 400, "too_many_mappings");
        Assert.Equal("[]", (await CallAsync("GET")).Body);
    }

    [Fact]
    public async Task A_put_finds_by_id_else_by_name_and_what_it_does_not_name_stays()
    {
        var (one, two) = (await MakeAsync("one", "https://bank.example/1"), await MakeAsync("two", "https://bank.example/2"));
        var renamed = await CallAsync("PUT", $$"""[{"id":{{one}},"name":"uno"},{"name":"two","enable":false}]""");
        Assert.Equal(200, renamed.Status);
        Assert.Equal([one, two], renamed.Json.EnumerateArray().Select(mapping => mapping.GetProperty("id").GetInt64()));
        Assert.Equal(["uno", "two"], renamed.Json.EnumerateArray().Select(mapping => mapping.GetProperty("name").GetString()));
        Assert.Equal([true, false], renamed.Json.EnumerateArray().Select(mapping => mapping.GetProperty("enable").GetBoolean()));
        Assert.Equal(["https://bank.example/1", "https://bank.example/2"], renamed.Json.EnumerateArray().Select(mapping => mapping.GetProperty("url").GetString()));

        // The query's name is for a DELETE alone: a PUT is what its body says.
        Assert.Equal(200, (await _calls.Host.Call("PUT", Path() + "&name=uno", body: """{"name":"two","enable":true}""")).Status);
        Assert.All((await CallAsync("GET")).Json.EnumerateArray(), mapping => Assert.True(mapping.GetProperty("enable").GetBoolean()));

        await RefusedAsync("PUT", """[{"enable":true}]""", 400, "mapping_unnamed");
        await RefusedAsync("PUT", """[{"name":"nobody"}]""", 404, "mapping_not_found");
        await RefusedAsync("PUT", $$"""[{"id":{{one}} },{"name":"uno"}]""", 400, "mapping_twice");
        await RefusedAsync("PUT", """[{"id":"x","name":"uno"}]""", 404, "mapping_not_found");
    }

    [Fact]
    public async Task A_put_with_deleted_and_a_delete_remove_and_say_so()
    {
        var one = await MakeAsync("one", "https://bank.example/1");
        await MakeAsync("two", "https://bank.example/2");
        await MakeAsync("a+b c", "https://bank.example/3");

        // In one call a URL passes from one mapping to another.
        var passed = await CallAsync("PUT", $$"""[{"id":{{one}},"deleted":true},{"name":"two","url":"https://bank.example/1"}]""");
        Assert.Equal([("two", false), ("one", true)], passed.Json.EnumerateArray().Select(mapping => (mapping.GetProperty("name").GetString(), mapping.GetProperty("deleted").GetBoolean())));

        var byQuery = await _calls.Host.Call("DELETE", Path() + "&name=a%2Bb%20c");
        Assert.Equal((200, true), (byQuery.Status, byQuery.Json[0].GetProperty("deleted").GetBoolean()));
        await RefusedAsync("DELETE", """[{"name":"two"},{"name":"nobody"}]""", 404, "mapping_not_found");
        Assert.Equal(200, (await CallAsync("DELETE", """[{"name":"two"}]""")).Status);
        Assert.Equal("[]", (await CallAsync("GET")).Body);
        await RefusedAsync("DELETE", "", 400, "json_invalid");
    }

    [Fact]
    public async Task A_mapping_whose_certificate_is_gone_can_still_be_disabled_and_given_another()
    {
        await MakeAsync("m", Url);
        await _calls.Host.Call("DELETE", $"{MtlsCalls.Certificates("125634")}/{_certificate}");
        Assert.Equal(200, (await CallAsync("PUT", $$"""[{"name":"m","enable":false,"certificationId":"{{_certificate}}"}]""")).Status);
        await RefusedAsync("POST", One("n", "https://bank.example/n"), 400, "mapping_certificate_not_found");
        var next = await _calls.CertificateAsync("125634", "next");
        Assert.Equal(200, (await CallAsync("PUT", $$"""[{"name":"m","certificationId":{{next}} }]""")).Status);
    }

    [Fact]
    public async Task Two_changes_at_once_of_one_mapping_both_count()
    {
        var id = await MakeAsync("m", Url);
        for (var round = 0; round < 20; round++)
        {
            await CallAsync("PUT", $$"""[{"id":{{id}},"name":"m","enable":true}]""");
            await Task.WhenAll(CallAsync("PUT", $$"""[{"id":{{id}},"enable":false}]"""), CallAsync("PUT", $$"""[{"id":{{id}},"name":"n"}]"""));
            var mapping = (await CallAsync("GET")).Json[0];
            Assert.Equal(("n", false), (mapping.GetProperty("name").GetString(), mapping.GetProperty("enable").GetBoolean()));
        }
    }

    private static string Path() => MtlsCalls.Mappings("125634");

    private string One(string name, string url, string service = "2", long? certificate = null) =>
        $$"""{"certificationId":"{{certificate ?? _certificate}}","serviceId":"{{service}}","url":"{{url}}","name":"{{name}}"}""";

    private Task<long> MakeAsync(string name, string url) => _calls.MappingAsync("125634", _certificate, name, url);

    private Task<Answer> CallAsync(string method, string? body = null) => _calls.Host.Call(method, Path(), body: body);

    private async Task RefusedAsync(string method, string body, int status, string code)
    {
        var answer = await CallAsync(method, body);
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }
}
