using System.Text.Json;
using Sealpost.IntegrationTests.Accounts.AppKeys;
using Sealpost.IntegrationTests.Support;
using Sealpost.Protocol.OAuth1;

namespace Sealpost.IntegrationTests.Accounts.Failures;

/// <summary>Time stands still but where a test moves it, so nothing is forgiven meanwhile.</summary>
public sealed class TooManyFailuresTests : IAsyncLifetime
{
    private const string Call = "/api/accounts";

    private SignedCalls _calls = null!;

    private AdminHost Host => _calls.Host;

    public async ValueTask InitializeAsync() => _calls = await SignedCalls.StartAsync();

    public ValueTask DisposeAsync() => _calls.DisposeAsync();

    [Fact]
    public async Task The_eleventh_login_after_ten_that_failed_is_not_looked_at_until_the_time_that_it_names()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal((401, "login_failed"), Coded(await LoginAsync("wrong")));
        }

        var refused = await LoginAsync(AdminHost.AdministratorSecret);
        Assert.Equal((429, "too_many_failures"), Coded(refused));
        Assert.Equal(TimeSpan.FromSeconds(6), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(200, (await Host.Call("GET", Call)).Status);

        Host.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(200, (await LoginAsync(AdminHost.AdministratorSecret)).Status);
    }

    [Fact]
    public async Task Whoever_does_not_fail_is_never_held_up()
    {
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(200, (await LoginAsync(AdminHost.AdministratorSecret)).Status);
        }

        for (var i = 0; i < 300; i++)
        {
            Assert.Equal(200, (await Host.Call("GET", Call)).Status);
        }
    }

    [Fact]
    public async Task A_hundred_wrong_tokens_hold_their_address_up_and_calls_without_any_do_not_count()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(401, (await Host.Call("GET", Call, token: null)).Status);
            Assert.Equal(401, (await Host.Call("GET", Call, token: "spacc_guess")).Status);
        }

        Assert.Equal((429, "too_many_failures"), Coded(await Host.Call("GET", Call)));
        Host.Time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(200, (await Host.Call("GET", Call)).Status);
    }

    [Fact]
    public async Task A_known_token_that_may_not_is_no_failure()
    {
        var token = await Host.Token("acme", "publish");
        for (var i = 0; i < 110; i++)
        {
            Assert.Equal(403, (await Host.Call("GET", Call, token)).Status);
        }
    }

    [Fact]
    public async Task A_hundred_wrong_signatures_hold_their_address_up_before_a_signature_is_computed()
    {
        var key = await _calls.KeyAsync();
        var wrong = key with { Secrets = new OAuthSecrets("x"u8.ToArray(), "y"u8.ToArray()) };
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(401, (await _calls.CallAsync(wrong)).Status);
        }

        var refused = await _calls.CallAsync(key);
        Assert.Equal((429, "too_many_failures"), (refused.Status, refused.Code));
        Assert.Contains("Retry-After: 1", refused.Head, StringComparison.Ordinal);
        Host.Time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(200, (await _calls.CallAsync(key)).Status);
    }

    [Fact]
    public async Task A_login_larger_than_a_form_is_refused_before_it_is_read()
    {
        var answer = await LoginAsync(new string('x', 17 * 1024));
        Assert.Equal((413, "body_too_large"), Coded(answer));
    }

    private static (int, string?) Coded(Answer answer) => (answer.Status, answer.Code);

    private Task<Answer> LoginAsync(string password) =>
        Host.Call("POST", "/api/account/acme/login", null, JsonSerializer.Serialize(new { username = "ann", password }));
}
