using Sealpost.Accounts;
using Sealpost.Accounts.AppKeys;
using Sealpost.IntegrationTests.Support;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.IntegrationTests.Accounts.AppKeys;

public sealed class OAuthGateTests : IAsyncLifetime
{
    private SignedCalls _calls = null!;
    private OAuthKey _key = null!;

    public async ValueTask InitializeAsync()
    {
        _calls = await SignedCalls.StartAsync();
        _key = await _calls.KeyAsync();
    }

    public ValueTask DisposeAsync() => _calls.DisposeAsync();

    [Fact]
    public async Task A_signed_request_is_let_through_with_its_body()
    {
        var answer = await _calls.SendAsync(_calls.Sign(_key), body: """{"any":"body"}""", headers: "Content-Type: application/json");
        Assert.Equal(200, answer.Status);
        Assert.Contains($$"""AppKey {{_key.ConsumerKey}} acme [{"any":"body"}]""", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_is_let_through_once()
    {
        var header = _calls.Sign(_key);
        Assert.Equal(200, (await _calls.SendAsync(header)).Status);
        var replayed = await _calls.SendAsync(header);
        Assert.Equal((401, "oauth_nonce_used", true), (replayed.Status, replayed.Code, replayed.Challenges));
    }

    [Fact]
    public async Task A_nonce_that_is_written_otherwise_is_the_same_nonce()
    {
        var header = _calls.Sign(_key, nonce: "abc");
        Assert.Equal(200, (await _calls.SendAsync(header)).Status);
        Assert.Equal("oauth_nonce_used", (await _calls.SendAsync(header.Replace("\"abc\"", "\"%61bc\"", StringComparison.Ordinal))).Code);
    }

    [Fact]
    public async Task Of_many_copies_at_once_one_is_let_through()
    {
        var header = _calls.Sign(_key);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _calls.SendAsync(header)));
        Assert.Equal(1, answers.Count(answer => answer.Status == 200));
        Assert.Equal(19, answers.Count(answer => answer.Code == "oauth_nonce_used"));
    }

    [Fact]
    public async Task Many_requests_at_once_are_all_let_through() => Assert.All(
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _calls.CallAsync(_key))), answer => Assert.Equal(200, answer.Status));

    [Fact]
    public async Task A_request_is_not_let_through_again_after_a_restart()
    {
        using var folder = new DataFolder();
        OAuthKey key;
        string header;
        const string Origin = "https://mtls.example.com";
        await using (var first = await SignedCalls.StartAsync(folder, new Uri(Origin)))
        {
            key = await first.KeyAsync();
            header = first.Sign(key, origin: Origin);
            Assert.Equal(200, (await first.SendAsync(header)).Status);
        }

        await using var second = await SignedCalls.StartAsync(folder, new Uri(Origin));
        Assert.Equal("oauth_nonce_used", (await second.SendAsync(header)).Code);
        Assert.Equal(200, (await second.SendAsync(second.Sign(key, origin: Origin))).Status);
    }

    [Fact]
    public async Task What_was_signed_before_the_nonces_were_lost_is_refused_and_what_is_signed_after_is_not()
    {
        using var folder = new DataFolder();
        const string Origin = "https://mtls.example.com";
        OAuthKey key;
        await using (var first = await SignedCalls.StartAsync(folder, new Uri(Origin)))
        {
            key = await first.KeyAsync();
        }

        File.Delete(folder.File("nonces.db"));
        await using var second = await SignedCalls.StartAsync(folder, new Uri(Origin));
        var refused = await second.SendAsync(second.Sign(key, origin: Origin, off: TimeSpan.FromSeconds(-1)));
        Assert.Equal((401, "oauth_timestamp_refused", true), (refused.Status, refused.Code, refused.Challenges));
        Assert.Equal(200, (await second.SendAsync(second.Sign(key, origin: Origin))).Status);
    }

    [Fact]
    public async Task A_refused_request_uses_no_nonce_up()
    {
        var header = _calls.Sign(_key);
        Assert.Equal(401, (await _calls.SendAsync(header, $"PUT {SignedCalls.Path}")).Status);
        Assert.Equal(200, (await _calls.SendAsync(header)).Status);
    }

    [Theory]
    [InlineData("PUT /mtls/account/acme?v=1")]
    [InlineData("POST /mtls/account/acme")]
    [InlineData("POST /mtls/account/acme?v=2")]
    [InlineData("POST /mtls/account/acme?v=1&w")]
    [InlineData("POST /mtls/account/other?v=1")]
    [InlineData("POST /mtls/account/acm%65?v=1")]
    [InlineData("POST /mtls/account/x/../acme?v=1")]
    [InlineData("POST /mtls/./account/acme?v=1")]
    [InlineData("POST /MTLS/account/acme?v=1")]
    [InlineData("POST /mtls/account/acme/?v=1")]
    public async Task Another_method_path_or_query_than_was_signed_is_a_401(string line)
    {
        var answer = await _calls.SendAsync(_calls.Sign(_key, "POST /mtls/account/acme?v=1"), line);
        Assert.Equal((401, "oauth_refused", true), (answer.Status, answer.Code, answer.Challenges));
    }

    [Fact]
    public async Task The_host_header_as_sent_is_signed()
    {
        Assert.Equal("oauth_refused", (await _calls.SendAsync(_calls.Sign(_key), host: "other.example")).Code);
        Assert.Equal(200, (await _calls.SendAsync(_calls.Sign(_key, origin: "http://other.example"), host: "OTHER.example:80")).Status);
        Assert.Equal("oauth_refused", (await _calls.SendAsync(_calls.Sign(_key, origin: "https://other.example"), host: "other.example")).Code);
    }

    [Fact]
    public async Task A_whole_url_as_the_target_is_the_same_request() =>
        Assert.Equal(200, (await _calls.SendAsync(_calls.Sign(_key), $"POST http://{_calls.Authority}{SignedCalls.Path}")).Status);

    [Theory]
    [InlineData("POST /mtls/account/acm%65")]
    [InlineData("POST /mtls/account/other/../acme")]
    public async Task A_path_that_the_server_would_read_otherwise_is_a_400_even_when_signed(string line)
    {
        var answer = await _calls.CallAsync(_key, line);
        Assert.Equal((400, "bad_target"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Behind_a_terminator_the_public_url_is_signed()
    {
        await using var calls = await SignedCalls.StartAsync(publicUrl: new Uri("https://mtls.example.com:8443"));
        var key = await calls.KeyAsync();
        Assert.Equal(200, (await calls.SendAsync(calls.Sign(key, origin: "https://MTLS.example.com:8443"), host: "internal:80")).Status);
        Assert.Equal("oauth_refused", (await calls.SendAsync(calls.Sign(key))).Code);
        Assert.Equal("oauth_refused", (await calls.SendAsync(calls.Sign(key, origin: "https://mtls.example.com"))).Code);
    }

    [Theory]
    [InlineData(-301, 401)]
    [InlineData(-299, 200)]
    [InlineData(299, 200)]
    [InlineData(301, 401)]
    public async Task A_timestamp_more_than_five_minutes_off_is_a_401(int seconds, int status)
    {
        var answer = await _calls.SendAsync(_calls.Sign(_key, off: TimeSpan.FromSeconds(seconds)));
        Assert.Equal((status, status == 401 ? "oauth_timestamp_refused" : null), (answer.Status, answer.Code));
        Assert.Equal(status == 401, answer.Challenges);
    }

    [Fact]
    public async Task An_unknown_key_and_a_wrong_secret_get_one_answer()
    {
        var wrongSecret = await _calls.CallAsync(_key with { Secrets = new OAuthSecrets("guess"u8, "guess"u8) });
        foreach (var stranger in new[] { _key with { ConsumerKey = "nobody" }, _key with { Token = "nothing" }, _key with { Token = null } })
        {
            var answer = await _calls.CallAsync(stranger);
            Assert.Equal((401, "oauth_refused", wrongSecret.Body), (answer.Status, answer.Code, answer.Body));
        }

        Assert.True(wrongSecret.Challenges);
    }

    [Fact]
    public async Task A_revoked_key_and_a_key_of_a_deleted_account_open_nothing()
    {
        Assert.Equal(204, (await _calls.Host.Call("DELETE", $"/api/account/acme/app-keys/{_key.ConsumerKey}")).Status);
        Assert.Equal("oauth_refused", (await _calls.CallAsync(_key)).Code);

        var other = await _calls.KeyAsync();
        Assert.Equal(200, (await _calls.CallAsync(other)).Status);
        await _calls.Host.Call("DELETE", "/api/accounts/acme");
        await _calls.Host.Call("POST", "/api/accounts", body: """{"id":"acme"}""");
        Assert.Equal("oauth_refused", (await _calls.CallAsync(other)).Code);
    }

    [Fact]
    public async Task Another_account_and_one_that_is_not_there_get_the_same_403()
    {
        await _calls.KeyAsync("other");
        var other = await _calls.CallAsync(_key, "POST /mtls/account/other");
        var nowhere = await _calls.CallAsync(_key, "POST /mtls/account/nowhere");
        Assert.Equal((403, "forbidden", other.Body), (other.Status, other.Code, nowhere.Body));
    }

    [Fact]
    public async Task A_missing_privilege_is_a_403()
    {
        Assert.Equal((403, "forbidden"), await CodeAsync(await _calls.KeyAsync(privileges: "\"MTLS_READ_INTERNAL\",\"MTLS_WRITE_INTERNAL\""), $"POST {SignedCalls.Path}"));
        Assert.Equal((403, "forbidden"), await CodeAsync(_key, "POST /mtls/mapping"));
        Assert.Equal((200, null), await CodeAsync(await _calls.KeyAsync(privileges: "\"MTLS_READ_INTERNAL\""), "POST /mtls/mapping"));
    }

    [Fact]
    public async Task The_platforms_key_opens_every_account()
    {
        var platform = _calls.Host.Get<AppKeyDirectory>().Platform;
        Assert.Equal(AppKeyPrivileges.All, platform.Key.Privileges);
        Assert.Equal(200, (await _calls.CallAsync(platform.OAuth, "POST /mtls/account/other")).Status);
        Assert.True(platform.Caller.Opens(AccountId.Parse("other")));
    }

    [Fact]
    public async Task A_malformed_account_is_a_400_for_the_platforms_key() =>
        Assert.Equal((400, "account_invalid"), await CodeAsync(_calls.Host.Get<AppKeyDirectory>().Platform.OAuth, "POST /mtls/account/a.b"));

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer " + AdminHost.AdministratorSecret)]
    [InlineData("OAuth2 x")]
    public async Task Without_a_signature_it_is_a_401_that_asks_for_one(string? header)
    {
        var answer = await _calls.SendAsync(header);
        Assert.Equal((401, "unauthenticated", true), (answer.Status, answer.Code, answer.Challenges));
    }

    [Theory]
    [InlineData("OAuth")]
    [InlineData("OAuth oauth_consumer_key=\"k\"")]
    [InlineData("OAuth garbage")]
    public async Task A_header_that_cannot_be_read_is_a_400(string header)
    {
        var answer = await _calls.SendAsync(header);
        Assert.Equal((400, "oauth_malformed"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task What_stands_twice_is_a_400()
    {
        var header = _calls.Sign(_key);
        var twice = header.Replace("OAuth ", "OAuth oauth_token=\"x\", ", StringComparison.Ordinal);
        Assert.Equal("oauth_malformed", (await _calls.SendAsync(twice)).Code);
        Assert.Equal("oauth_malformed", (await _calls.SendAsync(header, headers: $"Authorization: {header}")).Code);
        Assert.Equal("oauth_malformed", (await _calls.CallAsync(_key, $"POST {SignedCalls.Path}?oauth_token=x")).Code);
        Assert.Equal("oauth_malformed", (await _calls.SendAsync(header.Replace("HMAC-SHA1", "PLAINTEXT", StringComparison.Ordinal))).Code);
    }

    [Fact]
    public async Task A_form_is_signed_and_still_there_for_the_handler()
    {
        const string Type = "Content-Type: application/x-www-form-urlencoded; charset=utf-8";
        var signed = _calls.Sign(_key, form: "a=1&b=%C3%A9");
        Assert.Equal("oauth_refused", (await _calls.SendAsync(signed, body: "a=2&b=%C3%A9", headers: Type)).Code);
        Assert.Equal("oauth_refused", (await _calls.SendAsync(signed, body: "a=1&b=%C3%A9", headers: "Content-Type: text/plain")).Code);
        var answer = await _calls.SendAsync(signed, body: "a=1&b=%C3%A9", headers: Type);
        Assert.Equal(200, answer.Status);
        Assert.Contains("[a=1&b=%C3%A9]", answer.Body, StringComparison.Ordinal);
        Assert.Equal("body_too_large", (await _calls.SendAsync(signed, body: new string('a', 300_000), headers: Type)).Code);
    }

    [Fact]
    public async Task A_route_for_both_takes_a_bearer_or_a_key_and_asks_for_either()
    {
        var reader = await _calls.KeyAsync(privileges: "\"MTLS_READ_INTERNAL\"");
        var bearer = "Bearer " + await _calls.Host.Token("acme", "read");
        Assert.Equal(200, (await _calls.SendAsync(bearer, "GET /either/acme")).Status);
        Assert.Equal(403, (await _calls.SendAsync(bearer, "GET /either/other")).Status);
        Assert.Equal(200, (await _calls.CallAsync(reader, "GET /either/acme")).Status);
        Assert.Equal(403, (await _calls.CallAsync(reader, "GET /either/other")).Status);
        Assert.Equal(403, (await _calls.CallAsync(_key, "GET /either/acme")).Status);
        var stranger = await _calls.SendAsync(null, "GET /either/acme");
        Assert.Equal((401, true), (stranger.Status, stranger.Challenges));
        Assert.Contains("WWW-Authenticate: Bearer", stranger.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_opens_no_call_for_bearers() =>
        Assert.Equal((401, "unauthenticated"), await CodeAsync(await _calls.KeyAsync(), "GET /api/account/acme/tokens"));

    [Fact]
    public async Task No_secret_is_logged_and_a_refusal_is()
    {
        await _calls.CallAsync(_key with { ConsumerKey = "nobody" });
        var log = string.Join('\n', _calls.Host.Log);
        Assert.Contains("POST&http%3A%2F%2F127.0.0.1", log, StringComparison.Ordinal);
        Assert.DoesNotContain("spkcs_", log, StringComparison.Ordinal);
        Assert.DoesNotContain("spkts_", log, StringComparison.Ordinal);
    }

    private async Task<(int Status, string? Code)> CodeAsync(OAuthKey key, string line)
    {
        var answer = await _calls.CallAsync(key, line);
        return (answer.Status, answer.Code);
    }
}
