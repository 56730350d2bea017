using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Accounts.AppKeys;
using Sealpost.IntegrationTests.Support;
using Sealpost.Protocol.OAuth1;
using Sealpost.Testing.Certificates;

namespace Sealpost.IntegrationTests.Mtls;

/// <summary>Nothing of account A opens anything of B's, and whether or not B exists the answer is the same (security, P1).</summary>
public sealed class MtlsIsolationTests : IAsyncLifetime
{
    private const string AllPrivileges = "\"MTLS_FORWARD\",\"MTLS_READ_INTERNAL\",\"MTLS_WRITE_INTERNAL\"";

    private MtlsCalls _calls = null!;
    private long _certificateOfB;
    private OAuthKey _keyOfA = null!;

    public async ValueTask InitializeAsync()
    {
        _calls = await MtlsCalls.StartAsync();
        _certificateOfB = await _calls.CertificateAsync("b", "bank");
        await _calls.MappingAsync("b", _certificateOfB, "m", "https://bank.example/");
        await _calls.Host.Call("POST", "/api/accounts", body: """{"id":"a"}""");
        _keyOfA = await _calls.Signed.KeyAsync("a", AllPrivileges);
    }

    public ValueTask DisposeAsync() => _calls.DisposeAsync();

    [Fact]
    public async Task A_bearer_of_A_gets_the_same_403_for_B_and_for_an_account_that_is_not_there()
    {
        var token = await _calls.Host.Token("a", "publish", "read", "manage");
        var login = (await _calls.Host.Call("POST", "/api/account/a/login", null, $$"""{"password":"{{token}}"}""")).Text("bearer");
        foreach (var (method, pattern) in Calls())
        {
            foreach (var bearer in new[] { token, login })
            {
                var (ofB, ofNobody) = (await BearAsync(method, Path(pattern, "b"), bearer), await BearAsync(method, Path(pattern, "nowhere"), bearer));
                Assert.Equal((403, "forbidden"), (ofB.Status, ofB.Code));
                Assert.Equal(ofB.Body, ofNobody.Body);
            }
        }

        await AssertUntouchedAsync();
    }

    [Fact]
    public async Task An_app_key_of_A_gets_the_same_403_for_B_and_for_an_account_that_is_not_there()
    {
        foreach (var (method, pattern) in Calls().Where(call => call.Path.StartsWith("/mtls", StringComparison.Ordinal) || call.Path.Contains("ac-common", StringComparison.Ordinal)))
        {
            var (ofB, ofNobody) = (await SignAsync(method, Path(pattern, "b")), await SignAsync(method, Path(pattern, "nowhere")));
            Assert.Equal((403, "forbidden"), (ofB.Status, ofB.Code));
            Assert.Equal(ofB.Body, ofNobody.Body);

            // The very same call opens its own account: what stands in the way is B.
            Assert.NotEqual(403, (await SignAsync(method, Path(pattern, "a"))).Status);
        }

        await AssertUntouchedAsync();
    }

    [Fact]
    public async Task A_check_about_B_is_the_same_403_whatever_B_has_and_even_among_questions_of_As_own()
    {
        string Question(string account, string url) => $$"""{"serviceName":"WEBHOOKS","accountId":"{{account}}","url":"{{url}}"}""";
        Answer? first = null;
        foreach (var question in new[] { Question("b", "https://bank.example/"), Question("b", "https://unmapped.example/"), Question("nowhere", "https://bank.example/"), Question("a/../b", "https://bank.example/") })
        {
            var answer = await SignAsync("POST", "/mtls/mapping?v=2", $"[{Question("a", "https://bank.example/")},{question}]");
            Assert.Equal((403, "forbidden"), (answer.Status, answer.Code));
            Assert.Equal((first ??= answer).Body, answer.Body);
        }
    }

    [Fact]
    public async Task An_app_key_opens_no_call_that_is_for_bearers()
    {
        foreach (var (method, path) in new[] { ("GET", "/api/account/a/app-keys"), ("POST", "/api/account/a/app-keys"), ("GET", "/api/account/b/app-keys"), ("GET", "/api/account/a/tokens") })
        {
            Assert.Equal(401, (await SignAsync(method, path)).Status);
        }
    }

    [Fact]
    public async Task A_certificate_of_B_is_nothing_in_A()
    {
        foreach (var method in new[] { "GET", "DELETE" })
        {
            Assert.Equal(404, (await SignAsync(method, $"{MtlsCalls.Certificates("a")}/{_certificateOfB}")).Status);
        }

        var replaced = await _calls.UploadAsync("a", _calls.P12(), $$"""{"id":{{_certificateOfB}},"password":"{{P12Files.Password}}"}""", "PUT");
        Assert.Equal((404, "certificate_not_found"), (replaced.Status, replaced.Code));
        var mapped = await _calls.Host.Call("POST", MtlsCalls.Mappings("a"), body: $$"""{"certificationId":{{_certificateOfB}},"serviceId":2,"url":"https://bank.example/","name":"m"}""");
        Assert.Equal((400, "mapping_certificate_not_found"), (mapped.Status, mapped.Code));
        Assert.Equal("[]", (await _calls.Host.Call("GET", MtlsCalls.Mappings("a"))).Body);
        await AssertUntouchedAsync();
    }

    [Fact]
    public async Task A_key_without_the_privilege_opens_nothing_and_one_that_reads_does_not_write()
    {
        _keyOfA = await _calls.Signed.KeyAsync("a", "\"MTLS_READ_INTERNAL\"");
        foreach (var (method, pattern) in MtlsRoutes())
        {
            Assert.Equal(method != "GET", (await SignAsync(method, Path(pattern, "a"))).Status == 403);
        }

        _keyOfA = await _calls.Signed.KeyAsync("a", "\"MTLS_FORWARD\"");
        foreach (var (method, pattern) in MtlsRoutes())
        {
            Assert.Equal(403, (await SignAsync(method, Path(pattern, "a"))).Status);
        }
    }

    [Fact]
    public async Task A_token_that_reads_does_not_write()
    {
        var (read, publish) = (await _calls.Host.Token("b", "read"), await _calls.Host.Token("b", "publish"));
        foreach (var (method, pattern) in MtlsRoutes())
        {
            Assert.Equal(method == "GET" ? 200 : 403, (await BearAsync(method, Path(pattern, "b"), read)).Status);
            Assert.Equal(403, (await BearAsync(method, Path(pattern, "b"), publish)).Status);
        }
    }

    [Fact]
    public async Task Nobody_known_gets_the_same_401_everywhere()
    {
        foreach (var (method, pattern) in MtlsRoutes())
        {
            var (ofB, ofNobody) = (await BearAsync(method, Path(pattern, "b"), "spacc_guess"), await BearAsync(method, Path(pattern, "nowhere"), "spacc_guess"));
            Assert.Equal((401, "unauthenticated", ofB.Body), (ofB.Status, ofB.Code, ofNobody.Body));
            Assert.Equal("Bearer, OAuth realm=\"sealpost\"", ofB.Headers.WwwAuthenticate.ToString());
        }
    }

    private async Task AssertUntouchedAsync()
    {
        Assert.Equal(1, (await _calls.Host.Call("GET", MtlsCalls.Certificates("b"))).Json.GetArrayLength());
        Assert.Equal(1, (await _calls.Host.Call("GET", MtlsCalls.Mappings("b"))).Json.GetArrayLength());
        Assert.Single(_calls.Vault.Kept);
    }

    // Every route that names an account and needs anything: those to come are among them.
    private IEnumerable<(string Method, string Path)> Calls() => _calls.Host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<NeedOfRoute>() is not null || endpoint.Metadata.GetMetadata<PrivilegeOfRoute>() is not null)
        .Where(endpoint => endpoint.RoutePattern.RawText!.Contains("{account}", StringComparison.Ordinal))
        .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => (method, endpoint.RoutePattern.RawText!)));

    private IEnumerable<(string Method, string Path)> MtlsRoutes() => Calls()
        .Where(call => call.Path.Contains("/certificates", StringComparison.Ordinal) || call.Path.Contains("ac-common", StringComparison.Ordinal));

    private string Path(string pattern, string account) => pattern
        .Replace("{account}", account, StringComparison.Ordinal)
        .Replace("{id}", _certificateOfB.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{client_id}", Guid.Empty.ToString(), StringComparison.Ordinal)
        .Replace("{consumer_key}", _keyOfA.ConsumerKey, StringComparison.Ordinal);

    private Task<Answer> BearAsync(string method, string path, string token) => _calls.Host.Call(method, path, token, method is "GET" or "DELETE" ? null : "{}");

    private Task<Answer> SignAsync(string method, string path, string? body = null) => _calls.Host.Call(
        method, path, token: null, body ?? (method is "GET" or "DELETE" ? null : "{}"), ("Authorization", _calls.Signed.Sign(_keyOfA, $"{method} {path}")));
}
