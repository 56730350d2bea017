using Sealpost.Accounts.AppKeys;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Accounts.AppKeys;

public sealed class AppKeyCallsTests : IAsyncLifetime
{
    private const string Keys = "/api/account/acme/app-keys";
    private const string Wish = """{"name":"gateway","privileges":["MTLS_WRITE_INTERNAL","MTLS_FORWARD"]}""";

    private AdminHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AdminHost.Start();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_key_file_is_shown_once_and_its_key_listed_without_secrets_and_deleted()
    {
        var made = await _host.Call("POST", Keys, body: Wish);
        Assert.Equal(201, made.Status);
        Assert.Equal(
            ["consumer_key", "consumer_secret", "token", "token_secret", "account", "privileges"],
            made.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("acme", made.Text("account"));
        Assert.Equal(["MTLS_FORWARD", "MTLS_WRITE_INTERNAL"], made.Json.GetProperty("privileges").EnumerateArray().Select(name => name.GetString()));

        var name = made.Text("consumer_key");
        var list = await _host.Call("GET", Keys);
        Assert.Equal(
            $$"""[{"consumer_key":"{{name}}","name":"gateway","privileges":["MTLS_FORWARD","MTLS_WRITE_INTERNAL"],"createdAt":"2026-01-01T00:00:00.000Z"}]""",
            list.Body);
        Assert.Equal(list.Body, $"[{(await _host.Call("GET", $"{Keys}/{name}")).Body}]");

        Assert.Equal(204, (await _host.Call("DELETE", $"{Keys}/{name}")).Status);
        Assert.Equal("[]", (await _host.Call("GET", Keys)).Body);
        Assert.Equal((404, "app_key_not_found"), await CodeAsync("GET", $"{Keys}/{name}"));
        Assert.Equal((404, "app_key_not_found"), await CodeAsync("DELETE", $"{Keys}/{name}"));
    }

    [Fact]
    public async Task Each_key_has_its_own_long_secrets()
    {
        var (one, two) = (await _host.Call("POST", Keys, body: Wish), await _host.Call("POST", Keys, body: Wish));
        Assert.Equal(6 + 43, one.Text("consumer_secret").Length);
        Assert.Equal(6 + 43, one.Text("token_secret").Length);
        Assert.Equal(8, new[] { one, two }.SelectMany(key => new[] { "consumer_key", "consumer_secret", "token", "token_secret" }.Select(key.Text)).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"name":"","privileges":["MTLS_FORWARD"]}""", "app_key_invalid")]
    [InlineData("""{"name":"a\nb","privileges":["MTLS_FORWARD"]}""", "app_key_invalid")]
    [InlineData("""{"name":"x","privileges":[]}""", "app_key_invalid")]
    [InlineData("""{"name":"x","privileges":["ROOT"]}""", "app_key_invalid")]
    [InlineData("""{"name":"x","privileges":["mtls_forward"]}""", "app_key_invalid")]
    [InlineData("""{"name":"x","privileges":[null]}""", "app_key_invalid")]
    [InlineData("""{"name":"x"}""", "json_invalid")]
    [InlineData("""{"name":"x","privileges":"MTLS_FORWARD"}""", "json_invalid")]
    [InlineData("""{"name":"x","privileges":["MTLS_FORWARD"],"account":"b"}""", "json_invalid")]
    public async Task A_wrong_wish_is_a_400_and_makes_no_account(string body, string code)
    {
        var answer = await _host.Call("POST", Keys, body: body);
        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.Equal("[]", (await _host.Call("GET", "/api/accounts")).Body);
    }

    [Fact]
    public async Task A_read_of_an_account_that_is_not_there_does_not_make_it()
    {
        Assert.Equal((404, "account_not_found"), await CodeAsync("GET", Keys));
        Assert.Equal("[]", (await _host.Call("GET", "/api/accounts")).Body);
    }

    [Fact]
    public async Task Each_account_sees_its_own_keys_alone_and_nobody_the_platforms()
    {
        var name = (await _host.Call("POST", Keys, body: Wish)).Text("consumer_key");
        var other = await _host.Token("other", "manage");
        var platform = _host.Get<AppKeyDirectory>().Platform.Key.ConsumerKey;
        foreach (var foreign in new[] { name, platform })
        {
            Assert.Equal("[]", (await _host.Call("GET", "/api/account/other/app-keys", other)).Body);
            Assert.Equal(404, (await _host.Call("GET", $"/api/account/other/app-keys/{foreign}", other)).Status);
            Assert.Equal(404, (await _host.Call("DELETE", $"/api/account/other/app-keys/{foreign}", other)).Status);
        }

        Assert.Equal(404, (await _host.Call("DELETE", $"{Keys}/{platform}")).Status);
    }

    [Fact]
    public async Task Keys_survive_a_restart_and_the_platform_has_one_for_good()
    {
        using var folder = new DataFolder();
        string list, platform;
        await using (var first = await AdminHost.Start(folder))
        {
            await first.Call("POST", Keys, body: Wish);
            list = (await first.Call("GET", Keys)).Body;
            platform = first.Get<AppKeyDirectory>().Platform.Key.ConsumerKey;
        }

        await using var second = await AdminHost.Start(folder);
        Assert.Equal(list, (await second.Call("GET", Keys)).Body);
        Assert.Equal(platform, second.Get<AppKeyDirectory>().Platform.Key.ConsumerKey);
    }

    private async Task<(int Status, string? Code)> CodeAsync(string method, string path)
    {
        var answer = await _host.Call(method, path);
        return (answer.Status, answer.Code);
    }
}
