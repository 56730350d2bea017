using System.Text.Json;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Accounts;

public sealed class LoginTests : IAsyncLifetime
{
    private const string Installs = "/api/account/acme/configuration/app-install/installations?v=1.0";

    private AdminHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AdminHost.Start();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_login_answers_what_LivePersons_hub_reads()
    {
        var answer = await Login("acme", AdminHost.AdministratorSecret);
        Assert.Equal(200, answer.Status);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var json = answer.Json;
        Assert.StartsWith("spbrr_", json.GetProperty("bearer").GetString(), StringComparison.Ordinal);
        Assert.Equal("28800", json.GetProperty("sessionTTl").GetString());
        Assert.Equal(
            """{"baseURIs":[{"service":"accountConfigReadWrite","account":"acme","baseURI":"localhost:8443"}]}""",
            json.GetProperty("csdsCollectionResponse").GetRawText());
        var config = json.GetProperty("config");
        Assert.True(config.GetProperty("isAdmin").GetBoolean());
        Assert.False(config.GetProperty("isLPA").GetBoolean());
        Assert.Equal("ann", config.GetProperty("loginName").GetString());
        Assert.Equal(JsonValueKind.String, config.GetProperty("userId").ValueKind);
    }

    [Fact]
    public async Task The_bearer_opens_its_account_alone_for_eight_hours()
    {
        var bearer = (await Login("acme", AdminHost.AdministratorSecret)).Text("bearer");
        Assert.Equal(200, (await _host.Call("GET", Installs, bearer)).Status);
        Assert.Equal(403, (await _host.Call("GET", Installs.Replace("acme", "other", StringComparison.Ordinal), bearer)).Status);
        Assert.Equal(403, (await _host.Call("GET", "/api/accounts", bearer)).Status);
        _host.Time.Advance(TimeSpan.FromHours(8) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(200, (await _host.Call("GET", Installs, bearer)).Status);
        _host.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(401, (await _host.Call("GET", Installs, bearer)).Status);
    }

    [Fact]
    public async Task A_manage_token_is_a_password_and_its_revocation_ends_the_login()
    {
        var made = await _host.Call("POST", "/api/account/acme/tokens", body: """{"name":"ann","scopes":["manage"]}""");
        var bearer = (await Login("acme", made.Text("token"))).Text("bearer");
        Assert.Equal(200, (await _host.Call("GET", Installs, bearer)).Status);
        await _host.Call("DELETE", $"/api/account/acme/tokens/{made.Text("id")}");
        Assert.Equal(401, (await _host.Call("GET", Installs, bearer)).Status);
    }

    [Fact]
    public async Task Every_wrong_password_gets_the_same_answer()
    {
        var weak = await _host.Token("acme", "publish", "read");
        var foreign = await _host.Token("other", "manage");
        var bearer = (await Login("acme", AdminHost.AdministratorSecret)).Text("bearer");
        var answers = new[]
        {
            await Login("acme", "wrong"), await Login("acme", ""), await Login("acme", weak), await Login("acme", foreign),
            await Login("acme", bearer), await Login("nowhere", "wrong"), await Login("nowhere", foreign),
        };
        Assert.All(answers, answer => Assert.Equal((401, "login_failed"), (answer.Status, answer.Code)));
        Assert.Single(answers.Select(answer => answer.Body).Distinct(StringComparer.Ordinal));
        Assert.Equal(404, (await _host.Call("GET", "/api/accounts/nowhere")).Status);
    }

    [Theory]
    [InlineData("""{"username":"ann"}""", "json_invalid")]
    [InlineData("""{"username":1,"password":"canary-administrator-token"}""", "json_invalid")]
    [InlineData("""{"username":"a\nb","password":"canary-administrator-token"}""", "username_invalid")]
    [InlineData("canary-administrator-token", "json_invalid")]
    public async Task A_malformed_login_is_a_400_that_does_not_repeat_the_password(string body, string code)
    {
        var answer = await _host.Call("POST", "/api/account/acme/login", null, body);
        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.DoesNotContain("canary", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_members_of_a_login_are_ignored() => Assert.Equal(
        200, (await _host.Call("POST", "/api/account/acme/login", null, $$"""{"password":"{{AdminHost.AdministratorSecret}}","appKey":"x"}""")).Status);

    [Fact]
    public async Task In_production_a_login_over_plain_http_is_refused()
    {
        await using var host = await AdminHost.Start(httpsOnly: true);
        var answer = await host.Call("POST", "/api/account/acme/login", null, Form(AdminHost.AdministratorSecret));
        Assert.Equal((403, "https_required"), (answer.Status, answer.Code));
    }

    private static string Form(string password) => JsonSerializer.Serialize(new { username = "ann", password });

    private Task<Answer> Login(string account, string password) => _host.Call("POST", $"/api/account/{account}/login", null, Form(password));
}
