using System.Text.Json;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Accounts;

public sealed class AccountCallsTests : IAsyncLifetime
{
    private AdminHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AdminHost.Start();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_account_is_made_listed_shown_and_deleted()
    {
        var made = await _host.Call("POST", "/api/accounts", body: """{"id":"acme"}""");
        Assert.Equal(201, made.Status);
        Assert.Equal("""{"id":"acme","createdAt":"2026-01-01T00:00:00.000Z"}""", made.Body);
        Assert.Equal(200, (await _host.Call("POST", "/api/accounts", body: """{"id":"acme"}""")).Status);
        Assert.Equal($"[{made.Body}]", (await _host.Call("GET", "/api/accounts")).Body);
        Assert.Equal(made.Body, (await _host.Call("GET", "/api/accounts/acme")).Body);
        Assert.Equal(204, (await _host.Call("DELETE", "/api/accounts/acme")).Status);
        Assert.Equal("account_not_found", (await _host.Call("GET", "/api/accounts/acme")).Code);
        Assert.Equal("account_not_found", (await _host.Call("DELETE", "/api/accounts/acme")).Code);
    }

    [Theory]
    [InlineData("""{"id":""}""", "account_invalid")]
    [InlineData("""{"id":"a/b"}""", "account_invalid")]
    [InlineData("""{"id":"../x"}""", "account_invalid")]
    [InlineData("""{"id":1}""", "json_invalid")]
    [InlineData("""{"id":null}""", "json_invalid")]
    [InlineData("""{"id":"a","id":"b"}""", "json_invalid")]
    [InlineData("""{"id":"a","more":1}""", "json_invalid")]
    [InlineData("{}", "json_invalid")]
    [InlineData("null", "json_invalid")]
    [InlineData("", "json_invalid")]
    public async Task A_wrong_account_is_a_400(string body, string code)
    {
        var answer = await _host.Call("POST", "/api/accounts", body: body);
        Assert.Equal((400, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_malformed_account_in_the_path_is_a_400_for_the_administrator_alone()
    {
        Assert.Equal((400, "account_invalid"), await StatusAndCode("GET", "/api/account/a%20b/tokens", AdminHost.AdministratorSecret));
        Assert.Equal((401, "unauthenticated"), await StatusAndCode("GET", "/api/account/a%20b/tokens", "nobody"));
    }

    [Fact]
    public async Task A_body_too_large_is_a_413()
    {
        var answer = await _host.Call("POST", "/api/accounts", body: "{\"id\":\"" + new string('a', 300_000) + "\"}");
        Assert.Equal((413, "body_too_large"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task An_account_with_installs_is_not_deleted()
    {
        await _host.Call("POST", "/api/account/acme/configuration/app-install/installations", body: """{"client_name":"app"}""");
        Assert.Equal((409, "account_has_installs"), await StatusAndCode("DELETE", "/api/accounts/acme", AdminHost.AdministratorSecret));
    }

    [Fact]
    public async Task A_deleted_accounts_token_opens_nothing_even_when_the_account_is_made_again()
    {
        var token = await _host.Token("acme", "manage");
        Assert.Equal(200, (await _host.Call("GET", "/api/account/acme/tokens", token)).Status);
        await _host.Call("DELETE", "/api/accounts/acme");
        await _host.Call("POST", "/api/accounts", body: """{"id":"acme"}""");
        Assert.Equal(401, (await _host.Call("GET", "/api/account/acme/tokens", token)).Status);
    }

    [Fact]
    public async Task A_token_is_shown_once_listed_without_its_value_and_revoked_at_once()
    {
        var made = await _host.Call("POST", "/api/account/acme/tokens", body: """{"name":"ci","scopes":["publish","read","manage"]}""");
        Assert.Equal(201, made.Status);
        Assert.Equal(["id", "token"], made.Json.EnumerateObject().Select(member => member.Name));
        Assert.True(made.Headers.CacheControl!.NoStore);
        var (id, token) = (made.Text("id"), made.Text("token"));

        var list = await _host.Call("GET", "/api/account/acme/tokens", token);
        Assert.Equal($$"""[{"id":"{{id}}","name":"ci","scopes":["publish","read","manage"],"createdAt":"2026-01-01T00:00:00.000Z"}]""", list.Body);
        Assert.Equal(list.Body, $"[{(await _host.Call("GET", $"/api/account/acme/tokens/{id}", token)).Body}]");

        Assert.Equal(204, (await _host.Call("DELETE", $"/api/account/acme/tokens/{id}", token)).Status);
        Assert.Equal(401, (await _host.Call("GET", "/api/account/acme/tokens", token)).Status);
        Assert.Equal((404, "token_not_found"), await StatusAndCode("DELETE", $"/api/account/acme/tokens/{id}", AdminHost.AdministratorSecret));
        Assert.Equal((404, "token_not_found"), await StatusAndCode("GET", $"/api/account/acme/tokens/{id}", AdminHost.AdministratorSecret));
    }

    [Theory]
    [InlineData("""{"name":"x","scopes":[]}""", "token_invalid")]
    [InlineData("""{"name":"x","scopes":["root"]}""", "token_invalid")]
    [InlineData("""{"name":"","scopes":["read"]}""", "token_invalid")]
    [InlineData("""{"name":"a\u0000b","scopes":["read"]}""", "token_invalid")]
    [InlineData("""{"name":"x"}""", "json_invalid")]
    [InlineData("""{"name":"x","scopes":"read"}""", "json_invalid")]
    [InlineData("""{"name":"x","scopes":[null]}""", "token_invalid")]
    [InlineData("""{"name":"\ud800","scopes":["read"]}""", "json_invalid")]
    public async Task A_wrong_token_wish_is_a_400_and_makes_no_account(string body, string code)
    {
        var answer = await _host.Call("POST", "/api/account/acme/tokens", body: body);
        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.Equal("[]", (await _host.Call("GET", "/api/accounts")).Body);
    }

    [Fact]
    public async Task A_read_of_an_account_that_is_not_there_does_not_make_it()
    {
        Assert.Equal((404, "account_not_found"), await StatusAndCode("GET", "/api/account/acme/tokens", AdminHost.AdministratorSecret));
        Assert.Equal((404, "account_not_found"), await StatusAndCode("GET", "/api/account/acme/configuration/app-install/installations", AdminHost.AdministratorSecret));
        Assert.Equal("[]", (await _host.Call("GET", "/api/accounts")).Body);
    }

    [Fact]
    public async Task Tokens_and_logins_survive_a_restart_but_not_the_administrators_new_token()
    {
        using var folder = new DataFolder();
        string token, ofToken, ofAdministrator;
        await using (var first = await AdminHost.Start(folder))
        {
            token = await first.Token("acme", "manage");
            ofToken = (await first.Call("POST", "/api/account/acme/login", null, Login(token))).Text("bearer");
            ofAdministrator = (await first.Call("POST", "/api/account/acme/login", null, Login(AdminHost.AdministratorSecret))).Text("bearer");
        }

        await using (var second = await AdminHost.Start(folder))
        {
            Assert.Equal([200, 200, 200], await Statuses(second, token, ofToken, ofAdministrator));
        }

        await using var third = await AdminHost.Start(folder, administrator: "a new one");
        Assert.Equal([200, 200, 401], await Statuses(third, token, ofToken, ofAdministrator));
    }

    private static string Login(string password) => JsonSerializer.Serialize(new { username = "ann", password });

    private static async Task<List<int>> Statuses(AdminHost host, params string[] tokens)
    {
        var statuses = new List<int>();
        foreach (var token in tokens)
        {
            statuses.Add((await host.Call("GET", "/api/account/acme/tokens", token)).Status);
        }

        return statuses;
    }

    private async Task<(int Status, string? Code)> StatusAndCode(string method, string path, string token)
    {
        var answer = await _host.Call(method, path, token);
        return (answer.Status, answer.Code);
    }
}
