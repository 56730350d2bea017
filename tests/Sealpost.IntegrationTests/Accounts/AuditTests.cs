using System.Globalization;
using System.Text.Json;
using Sealpost.Accounts;
using Sealpost.Accounts.Audit;
using Sealpost.Installs;
using Sealpost.IntegrationTests.Mtls;
using Sealpost.IntegrationTests.Support;
using Sealpost.Operations;
using Sealpost.Protocol.Notifications;

namespace Sealpost.IntegrationTests.Accounts;

/// <summary>Who changed what, and who was refused.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private const string Acme = "/api/account/acme";
    private const string Apps = Acme + "/configuration/app-install/installations";
    private const string Manifest = """{"client_name":"app"}""";

    private AdminHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AdminHost.Start();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Each_act_is_listed_newest_first_with_who_what_when_and_from_where()
    {
        var made = await _host.Call("POST", Acme + "/tokens", body: """{"name":"ci","scopes":["manage"]}""");
        var install = (await _host.Call("POST", Apps, made.Text("token"), Manifest)).Text("client_id");
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await _host.Call("POST", $"{Apps}/{install}/disable", made.Text("token"));

        var acts = await ListAsync(Acme);

        Assert.Equal(["installs.disable", "installs.create", "tokens.create"], acts.Select(act => Text(act, "action")));
        Assert.Equal([install, install, made.Text("id")], acts.Select(act => Text(act, "target")));
        Assert.All(acts, act => Assert.Equal(("done", "127.0.0.1"), (Text(act, "outcome"), Text(act, "remoteAddress"))));
        Assert.Equal(
            ("token", made.Text("id"), "ci"),
            (Text(acts[0].GetProperty("actor"), "kind"), Text(acts[0].GetProperty("actor"), "id"), Text(acts[0].GetProperty("actor"), "name")));
        Assert.Equal("administrator", Text(acts[2].GetProperty("actor"), "kind"));
        Assert.Equal(("2026-01-01T00:00:01.000Z", 200, "app, now revision 2"), (Text(acts[0], "at"), acts[0].GetProperty("status").GetInt32(), Text(acts[0], "detail")));
        Assert.Equal((201, "ci: manage"), (acts[2].GetProperty("status").GetInt32(), Text(acts[2], "detail")));
    }

    [Theory]
    [InlineData(null, 401, "unauthenticated", "nobody")]
    [InlineData("read", 403, "forbidden", "token")]
    [InlineData("manage", 404, "install_not_found", "token")]
    public async Task What_is_refused_is_listed_too(string? scope, int status, string code, string kind)
    {
        var token = scope is null ? "nobody" : await _host.Token("acme", scope);
        await _host.Call("POST", Acme + "/tokens", body: """{"name":"ci","scopes":["manage"]}""");
        var missing = Guid.NewGuid().ToString();
        Assert.Equal(status, (await _host.Call("DELETE", $"{Apps}/{missing}", token)).Status);

        var act = (await ListAsync(Acme)).Single(act => Text(act, "action") == "installs.delete");

        Assert.Equal(("refused", code), (Text(act, "outcome"), Text(act, "code")));
        Assert.Equal(status, act.GetProperty("status").GetInt32());
        Assert.Equal(kind, Text(act.GetProperty("actor"), "kind"));
        Assert.Equal(kind == "nobody" ? null : missing, Text(act, "target"));
    }

    [Fact]
    public async Task What_the_filter_of_a_group_refuses_is_refused_in_the_audit_too()
    {
        await _host.Token("acme", "read");
        await _host.Call("POST", Apps + "?v=9", body: Manifest);
        Assert.Equal("version_unsupported", Text((await ListAsync(Acme))[0], "code"));
    }

    [Fact]
    public async Task A_login_is_an_act_of_who_has_logged_in_and_a_failed_one_of_nobody()
    {
        var token = await _host.Token("acme", "manage");
        await _host.Call("POST", Acme + "/login", null, $$"""{"username":"ann","password":"{{token}}"}""");
        await _host.Call("POST", Acme + "/login", null, """{"username":"canary-mistyped","password":"wrong"}""");

        var acts = (await ListAsync(Acme)).Where(act => Text(act, "action") == "login").ToList();

        Assert.Contains(acts, act => Text(act, "outcome") == "done" && Text(act.GetProperty("actor"), "name") == "ann" && Text(act, "target") == Text(act.GetProperty("actor"), "id"));
        Assert.Contains(acts, act => Text(act, "code") == "login_failed" && Text(act.GetProperty("actor"), "kind") == "nobody" && !act.ToString().Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_becomes_of_accounts_and_of_those_that_are_not_there_is_the_administrators_to_see()
    {
        await _host.Call("POST", "/api/accounts", body: """{"id":"acme"}""");
        await _host.Call("DELETE", "/api/accounts/acme");
        await _host.Call("DELETE", "/api/accounts/acme");
        await _host.Call("POST", "/api/account/ghost/tokens", "nobody", """{"name":"x","scopes":["read"]}""");

        var acts = await ListAsync("/api");

        Assert.Equal(
            ["accounts.create done acme", "accounts.delete done acme", "accounts.delete refused ", "tokens.create refused "],
            acts.Select(act => $"{Text(act, "action")} {Text(act, "outcome")} {Text(act, "target")}").Order(StringComparer.Ordinal));
        Assert.Equal(403, (await _host.Call("GET", "/api/audit", await _host.Token("acme", "manage"))).Status);
    }

    [Fact]
    public async Task An_account_sees_its_own_acts_alone_and_another_of_its_id_none_of_them()
    {
        await _host.Token("acme", "manage");
        var other = await _host.Token("other", "manage");
        Assert.Equal(403, (await _host.Call("GET", Acme + "/audit", other)).Status);
        Assert.Single(await ListAsync(Acme));
        await _host.Call("DELETE", "/api/accounts/acme");
        await _host.Call("POST", "/api/accounts", body: """{"id":"acme"}""");
        Assert.Empty(await ListAsync(Acme));
    }

    [Fact]
    public async Task Pages_follow_one_another_and_times_narrow_the_list()
    {
        for (var i = 0; i < 5; i++)
        {
            await _host.Token("acme", "read");
            _host.Time.Advance(TimeSpan.FromSeconds(10));
        }

        var seen = new List<string?>();
        for (var path = $"{Acme}/audit?limit=2"; ;)
        {
            var page = (await _host.Call("GET", path)).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(act => Text(act, "id")));
            if (Text(page, "next") is not { } next)
            {
                break;
            }

            path = $"{Acme}/audit?limit=2&cursor={next}";
        }

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(seen.OrderDescending(StringComparer.Ordinal), seen);
        Assert.Equal(2, (await ListAsync(Acme, "?since=2026-01-01T00:00:10Z&until=2026-01-01T00:00:30Z")).Count);
    }

    [Theory]
    [InlineData("since=yesterday", "since")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("cursor=cur_1", "cursor")]
    public async Task A_wrong_parameter_is_named(string query, string parameter)
    {
        await _host.Token("acme", "read");
        var answer = await _host.Call("GET", $"{Acme}/audit?{query}");
        Assert.Equal((400, "filter_invalid", parameter), (answer.Status, answer.Code, answer.Text("parameter")));
    }

    [Fact]
    public async Task A_flood_of_refusals_is_one_entry_a_minute_with_a_count()
    {
        await _host.Token("acme", "read");
        for (var i = 0; i < 50; i++)
        {
            await _host.Call("DELETE", $"{Acme}/tokens/tok_{i}", "guess" + i);
        }

        var entry = Assert.Single(await ListAsync(Acme), act => Text(act, "outcome") == "refused");
        Assert.Equal(50, entry.GetProperty("times").GetInt32());
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        await _host.Call("DELETE", Acme + "/tokens/tok_1", "guess");
        Assert.Equal([1, 50], (await ListAsync(Acme)).Where(act => Text(act, "outcome") == "refused").Select(act => act.GetProperty("times").GetInt32()));
    }

    [Fact]
    public async Task No_secret_stands_in_the_audit_not_even_one_that_was_put_in_the_wrong_place()
    {
        const string Chosen = "canary-client-secret";
        var secrets = new List<string> { AdminHost.AdministratorSecret, Chosen, "canary-wrong-password" };
        var token = await _host.Token("acme", "manage");
        secrets.Add(token);
        secrets.Add((await _host.Call("POST", Acme + "/login", null, $$"""{"username":"ann","password":"{{token}}"}""")).Text("bearer"));
        await _host.Call("POST", Acme + "/login", null, """{"username":"canary-wrong-password","password":"canary-wrong-password"}""");
        await _host.Call("POST", Acme + "/login", null, """{"username":"ann","password":["canary-wrong-password"]}""");
        var install = (await _host.Call("POST", Apps, body: $$"""{"client_name":"app","client_secret":"{{Chosen}}"}""")).Text("client_id");
        secrets.Add((await _host.Call("POST", $"{Apps}/{install}/rotate-secret")).Text("client_secret"));
        await _host.Call("POST", Apps, body: $$"""{"client_name":"app2","client_secret":["{{Chosen}}"],"{{Chosen}}":1}""");
        var key = await _host.Call("POST", Acme + "/app-keys", body: """{"name":"k","privileges":["MTLS_FORWARD"]}""");
        secrets.AddRange([key.Text("consumer_secret"), key.Text("token_secret")]);
        foreach (var secret in secrets.ToList())
        {
            await _host.Call("DELETE", $"{Acme}/tokens/{secret}");
            await _host.Call("DELETE", $"{Acme}/tokens/{secret}", secret);
            await _host.Call("DELETE", $"{Acme}/app-keys/{secret}");
            await _host.Call("DELETE", $"{Apps}/{secret}");
            await _host.Call("DELETE", $"/api/accounts/{secret}");
            await _host.Call("POST", $"/api/account/{secret}/tokens", "nobody", """{"name":"x","scopes":["read"]}""");
        }

        var audit = (await _host.Call("GET", Acme + "/audit?limit=500")).Body + (await _host.Call("GET", "/api/audit?limit=500")).Body;

        Assert.Contains("tokens.revoke", audit, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, audit, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_service_does_to_an_app_by_its_own_rules_is_an_act_of_its_own()
    {
        var registry = _host.Get<InstallRegistry>();
        registry.WhenChanged(new OwnActs(_host.Get<AuditBook>(), _host.Get<AccountDirectory>()).Changed);
        var install = (await _host.Call("POST", Apps, body: Manifest)).Text("client_id");
        await _host.Call("POST", $"{Apps}/{install}/disable");
        await _host.Call("POST", $"{Apps}/{install}/enable");
        registry.Disable(AccountId.Parse("acme"), Guid.Parse(install), DisabledReasons.SlowEndpoint);

        var act = Assert.Single(await ListAsync(Acme), act => Text(act.GetProperty("actor"), "kind") == "service");

        Assert.Equal(("installs.disable", install, "slow_endpoint"), (Text(act, "action"), Text(act, "target"), Text(act, "code")));
    }

    [Fact]
    public async Task An_operational_event_stands_there_as_the_services_own()
    {
        var client = Guid.Parse((await _host.Call("POST", Apps, body: Manifest)).Text("client_id"));
        var install = _host.Get<InstallDirectory>().Find(AccountId.Parse("acme"), client)!;
        var told = new AppEvent(EventTypes.AppFailed, install, _host.Time.GetUtcNow()) { Reason = "attempt_failed", Endpoints = ["https://a.example/"] };
        new OwnActs(_host.Get<AuditBook>(), _host.Get<AccountDirectory>()).Told(told);

        var act = Assert.Single(await ListAsync(Acme), act => Text(act.GetProperty("actor"), "kind") == "service");

        Assert.Equal(("sealpost.AppFailed", $"app {client}", "attempt_failed https://a.example/"), (Text(act, "action"), Text(act, "target"), Text(act, "detail")));
    }

    [Fact]
    public async Task Certificates_and_mappings_are_named()
    {
        await using var calls = await MtlsCalls.StartAsync();
        var uploaded = await calls.UploadAsync("acme", calls.P12(), MtlsCalls.Wish("bank"));
        Assert.Equal(201, uploaded.Status);
        var id = uploaded.Json.GetProperty("successfulySavedCertificates")[0].GetProperty("id").GetInt64();
        var mapping = $$"""{"certificationId":{{id}},"serviceId":2,"url":"https://bank.example/","name":"m"}""";
        await calls.Host.Call("POST", MtlsCalls.Mappings("acme"), body: mapping);
        await calls.Host.Call("DELETE", MtlsCalls.Mappings("acme") + "&name=m");
        await calls.Host.Call("DELETE", $"{MtlsCalls.Certificates("acme")}/{id}");
        await calls.Host.Call("DELETE", $"{MtlsCalls.Certificates("acme")}/{id}");

        var acts = (await calls.Host.Call("GET", Acme + "/audit")).Json.GetProperty("items").EnumerateArray().Select(act => $"{Text(act, "action")} {Text(act, "detail")} {Text(act, "outcome")} {Text(act, "target") == id.ToString(CultureInfo.InvariantCulture)}");

        string[] expected =
        [
            "certificates.create bank done True", "certificates.delete  done True", "certificates.delete  refused True", "mappings.create m done False",
            "mappings.delete m (removed) done False",
        ];
        Assert.Equal(expected, acts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task It_survives_a_restart_and_is_forgotten_after_its_time()
    {
        using var folder = new DataFolder();
        await using (var first = await AdminHost.Start(folder))
        {
            await first.Token("acme", "read");
            await first.Call("DELETE", Acme + "/tokens/tok_1", "nobody");
        }

        await using var second = await AdminHost.Start(folder);
        Assert.Equal(2, (await second.Call("GET", Acme + "/audit")).Json.GetProperty("items").GetArrayLength());
        second.Time.Advance(TimeSpan.FromDays(91));
        await second.Token("acme", "read");
        await new AuditUpkeep(second.Get<AuditBook>(), TimeSpan.FromDays(90), () => { }, second.Time).TurnAsync();
        Assert.Single((await second.Call("GET", Acme + "/audit")).Json.GetProperty("items").EnumerateArray());
    }

    private async Task<List<JsonElement>> ListAsync(string account, string query = "")
    {
        var answer = await _host.Call("GET", $"{account}/audit{query}");
        Assert.Equal(200, answer.Status);
        return [.. answer.Json.GetProperty("items").EnumerateArray()];
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
