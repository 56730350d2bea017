using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Installs;

public sealed class InstallCallsTests : IAsyncLifetime
{
    private const string Path = "/api/account/acme/configuration/app-install/installations";
    private const string V = "?v=1.0";
    private const string Manifest =
        """{"client_name":"app","vendor":{"n":1e400},"capabilities":{"engagement":{"design":[1]},"webhooks":{"x":{"endpoint":"https://example.com/x"},"y":{"endpoint":"https://example.com/y"}}}}""";

    private AdminHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AdminHost.Start();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_new_install_gets_an_identity_and_shows_its_secret()
    {
        var made = await Create(Manifest);
        Assert.Equal((201, "application/json", "1"), (made.Status, made.ContentType, made.Revision));
        var json = made.Json;
        Assert.True(Guid.TryParseExact(made.Text("client_id"), "D", out _));
        Assert.Equal(made.Text("client_id"), made.Text("id"));
        Assert.Equal(43, made.Text("client_secret").Length);
        Assert.True(json.GetProperty("enabled").GetBoolean());
        Assert.False(json.GetProperty("deleted").GetBoolean());
        Assert.Equal("""{"n":1e400}""", json.GetProperty("vendor").GetRawText());
        Assert.Equal("""{"design":[1]}""", json.GetProperty("capabilities").GetProperty("engagement").GetRawText());
    }

    [Fact]
    public async Task The_list_has_the_accounts_revision_and_a_single_answer_the_installs()
    {
        var first = await Create("""{"client_name":"one"}""");
        await Create("""{"client_name":"two"}""");
        var list = await _host.Call("GET", Path + V);
        Assert.Equal((200, "application/json", "2"), (list.Status, list.ContentType, list.Revision));
        Assert.Equal(["one", "two"], list.Json.EnumerateArray().Select(install => install.GetProperty("client_name").GetString()));
        var one = await _host.Call("GET", Item(first));
        Assert.Equal((200, "application/json", "1"), (one.Status, one.ContentType, one.Revision));
        Assert.Equal(first.Body, one.Body);
    }

    [Fact]
    public async Task Secrets_are_shown_to_those_who_manage_and_null_for_others()
    {
        var made = await Create(Manifest);
        var manage = await _host.Token("acme", "manage");
        var bearer = (await _host.Call("POST", "/api/account/acme/login", null, $$"""{"password":"{{manage}}"}""")).Text("bearer");
        foreach (var token in new[] { AdminHost.AdministratorSecret, manage, bearer })
        {
            Assert.Equal(made.Text("client_secret"), (await _host.Call("GET", Item(made), token)).Text("client_secret"));
            Assert.Contains(made.Text("client_secret"), (await _host.Call("GET", Path + V, token)).Body, StringComparison.Ordinal);
        }

        var read = await _host.Token("acme", "read");
        Assert.Equal("null", (await _host.Call("GET", Item(made), read)).Json.GetProperty("client_secret").GetRawText());
        Assert.DoesNotContain(made.Text("client_secret"), (await _host.Call("GET", Path + V, read)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_put_replaces_the_manifest_and_ignores_what_it_cannot_set()
    {
        var made = await Create(Manifest);
        var body = """{"client_name":"new name","client_id":"x","client_secret":"mine","id":"y","deleted":true,"client_id_issued_at":1,"client_secret_expires_at":1,"extra":[]}""";
        var put = await _host.Call("PUT", Item(made), body: body, headers: ("If-Match", "1"));
        Assert.Equal((200, "application/json", "2"), (put.Status, put.ContentType, put.Revision));
        Assert.Equal("new name", put.Text("client_name"));
        Assert.Equal(made.Text("client_id"), put.Text("client_id"));
        Assert.Equal(made.Text("client_secret"), put.Text("client_secret"));
        Assert.Equal("[]", put.Json.GetProperty("extra").GetRawText());
        Assert.False(put.Json.TryGetProperty("vendor", out _));
        Assert.Equal(put.Body, (await _host.Call("GET", Item(made))).Body);
    }

    [Fact]
    public async Task What_a_get_gave_can_be_put_back()
    {
        var made = await Create(Manifest);
        var put = await _host.Call("PUT", Item(made), body: made.Body, headers: ("If-Match", made.Revision!));
        Assert.Equal((200, made.Body), (put.Status, put.Body));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    public async Task A_method_override_makes_a_put(string method)
    {
        var made = await Create(Manifest);
        var put = await _host.Call(method, Item(made), body: """{"client_name":"other"}""", headers: [("If-Match", "1"), ("X-HTTP-Method-Override", "PUT")]);
        Assert.Equal((200, "2", "other"), (put.Status, put.Revision, put.Text("client_name")));
    }

    [Fact]
    public async Task A_post_to_an_install_without_the_override_is_a_405()
    {
        var answer = await _host.Call("POST", Item(await Create(Manifest)), body: Manifest, headers: ("If-Match", "1"));
        Assert.Equal((405, "method_not_allowed", "1"), (answer.Status, answer.Code, answer.Revision));
    }

    [Theory]
    [InlineData("PUT", null, 428, "revision_missing")]
    [InlineData("PUT", "1", 412, "revision_stale")]
    [InlineData("PUT", "3", 412, "revision_stale")]
    [InlineData("PUT", "junk", 412, "revision_stale")]
    [InlineData("DELETE", null, 428, "revision_missing")]
    [InlineData("DELETE", "1", 412, "revision_stale")]
    public async Task A_change_of_another_revision_is_refused(string method, string? ifMatch, int status, string code)
    {
        var made = await Create(Manifest);
        await _host.Call("PUT", Item(made), body: Manifest, headers: ("If-Match", "1"));
        var answer = await _host.Call(method, Item(made), body: Manifest, headers: ifMatch is null ? [] : [("If-Match", ifMatch)]);
        Assert.Equal((status, code, "2"), (answer.Status, answer.Code, answer.Revision));
        Assert.Equal("2", (await _host.Call("GET", Item(made))).Revision);
    }

    [Fact]
    public async Task Of_two_changes_of_one_revision_one_is_made()
    {
        var made = await Create(Manifest);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            _host.Call("PUT", Item(made), body: $$"""{"client_name":"app {{i}}"}""", headers: ("If-Match", "1"))));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(7, answers.Count(answer => answer.Status == 412));
    }

    [Fact]
    public async Task A_deleted_install_is_gone_and_its_name_free()
    {
        var made = await Create(Manifest);
        var deleted = await _host.Call("DELETE", Item(made), body: "[object Object]", headers: ("If-Match", "1"));
        Assert.Equal((200, "application/json", "2"), (deleted.Status, deleted.ContentType, deleted.Revision));
        Assert.True(deleted.Json.GetProperty("deleted").GetBoolean());
        Assert.DoesNotContain(made.Text("client_secret"), deleted.Body, StringComparison.Ordinal);

        Assert.Equal("[]", (await _host.Call("GET", Path + V)).Body);
        foreach (var (method, item) in new[] { ("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/enable"), ("POST", "/disable"), ("POST", "/rotate-secret") })
        {
            var answer = await _host.Call(method, Path + "/" + made.Text("client_id") + item, body: method == "PUT" ? Manifest : null, headers: ("If-Match", "2"));
            Assert.Equal((404, "install_not_found", "2"), (answer.Status, answer.Code, answer.Revision));
        }

        Assert.Equal(201, (await Create(Manifest)).Status);
    }

    [Fact]
    public async Task A_get_ignores_its_body()
    {
        var made = await Create(Manifest);
        Assert.Equal(200, (await _host.Call("GET", Item(made), body: "[object Object]")).Status);
        Assert.Equal(200, (await _host.Call("GET", Path + V, body: "[object Object]")).Status);
    }

    [Theory]
    [InlineData("not-a-uuid")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("{00000000-0000-0000-0000-000000000000}")]
    public async Task An_install_that_is_not_there_is_a_404_with_the_accounts_revision(string clientId)
    {
        await Create(Manifest);
        var answer = await _host.Call("GET", $"{Path}/{clientId}{V}");
        Assert.Equal((404, "install_not_found", "1"), (answer.Status, answer.Code, answer.Revision));
    }

    [Fact]
    public async Task A_wrong_manifest_is_a_400_that_lists_every_error()
    {
        var answer = await Create("""{"client_name":"","capabilities":{"webhooks":{"x":{"endpoint":"http://example.com"}}}}""");
        Assert.Equal((400, "manifest_invalid", "0"), (answer.Status, answer.Code, answer.Revision));
        var errors = answer.Json.GetProperty("errors").EnumerateArray().ToList();
        Assert.Equal(2, errors.Count);
        Assert.All(errors, error => Assert.All(["member", "rule", "message"], name => Assert.NotEmpty(error.GetProperty(name).GetString()!)));
        Assert.Equal("[]", (await _host.Call("GET", "/api/accounts")).Body);

        var made = await Create(Manifest);
        var put = await _host.Call("PUT", Item(made), body: "{}", headers: ("If-Match", "1"));
        Assert.Equal((400, "manifest_invalid"), (put.Status, put.Code));
    }

    [Fact]
    public async Task A_taken_name_is_a_409()
    {
        var first = await Create("""{"client_name":"one"}""");
        await Create("""{"client_name":"two"}""");
        Assert.Equal("client_name_taken", (await Create("""{"client_name":"two"}""")).Code);
        var put = await _host.Call("PUT", Item(first), body: """{"client_name":"two"}""", headers: ("If-Match", "1"));
        Assert.Equal((409, "client_name_taken"), (put.Status, put.Code));
    }

    [Theory]
    [InlineData("?v=2.0")]
    [InlineData("?v=")]
    [InlineData("?v=1.0&v=1.0")]
    public async Task Another_version_is_a_400(string query)
    {
        var answer = await _host.Call("GET", Path + query);
        Assert.Equal((400, "version_unsupported", "0"), (answer.Status, answer.Code, answer.Revision));
    }

    [Fact]
    public async Task Without_a_version_the_calls_are_the_same() => Assert.Equal(201, (await _host.Call("POST", Path, body: Manifest)).Status);

    private static string Item(Answer install) => $"{Path}/{install.Text("client_id")}{V}";

    private Task<Answer> Create(string manifest) => _host.Call("POST", Path + V, body: manifest);
}
