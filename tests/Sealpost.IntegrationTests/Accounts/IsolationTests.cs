using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sealpost.Accounts;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Accounts;

/// <summary>No token of one account opens anything of another, and strangers learn nothing about who exists.</summary>
public sealed class IsolationTests : IAsyncLifetime
{
    private const string Manifest = """{"client_name":"app"}""";

    private AdminHost _host = null!;
    private string _installOfB = "";
    private string _tokenIdOfB = "";
    private string _appKeyOfB = "";

    public async ValueTask InitializeAsync()
    {
        _host = await AdminHost.Start();
        _installOfB = (await _host.Call("POST", "/api/account/b/configuration/app-install/installations", body: Manifest)).Text("client_id");
        _tokenIdOfB = (await _host.Call("POST", "/api/account/b/tokens", body: """{"name":"t","scopes":["read"]}""")).Text("id");
        _appKeyOfB = (await _host.Call("POST", "/api/account/b/app-keys", body: """{"name":"k","privileges":["MTLS_FORWARD"]}""")).Text("consumer_key");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_token_of_A_gets_the_same_403_for_B_and_for_an_account_that_is_not_there()
    {
        var token = await _host.Token("a", "publish", "read", "manage");
        var bearer = (await _host.Call("POST", "/api/account/a/login", null, $$"""{"password":"{{token}}"}""")).Text("bearer");
        foreach (var (method, path) in Calls())
        {
            foreach (var caller in new[] { token, bearer })
            {
                var answer = await _host.Call(method, Path(path, "b"), caller, Body(method));
                Assert.Equal((403, "forbidden"), (answer.Status, answer.Code));
                Assert.Equal(answer.Body, (await _host.Call(method, Path(path, "nowhere"), caller, Body(method))).Body);
                Assert.True(answer.Revision is null or "0", path);
            }
        }
    }

    [Fact]
    public async Task Nobody_known_gets_the_same_401_for_B_and_for_an_account_that_is_not_there()
    {
        foreach (var (method, path) in Calls())
        {
            foreach (var caller in new[] { null, "spacc_guess" })
            {
                var answer = await _host.Call(method, Path(path, "b"), caller, Body(method));
                Assert.Equal((401, "unauthenticated"), (answer.Status, answer.Code));
                Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
                Assert.Equal(answer.Body, (await _host.Call(method, Path(path, "nowhere"), caller, Body(method))).Body);
            }
        }
    }

    [Fact]
    public async Task A_weaker_scope_does_not_open_what_needs_a_stronger_one()
    {
        var publish = await _host.Token("b", "publish");
        var read = await _host.Token("b", "read");
        foreach (var endpoint in Routes())
        {
            var need = endpoint.Metadata.GetMetadata<NeedOfRoute>()!.Need;
            var (method, path) = CallOf(endpoint);
            Assert.Equal(403, (await _host.Call(method, Path(path, "b"), publish, Body(method))).Status);
            Assert.Equal(need == Need.Read ? 200 : 403, (await _host.Call(method, Path(path, "b"), read, Body(method))).Status);
        }
    }

    [Fact]
    public async Task An_id_of_B_is_nothing_in_A()
    {
        var token = await _host.Token("a", "manage");
        var item = $"/api/account/a/configuration/app-install/installations/{_installOfB}";
        Assert.Equal(404, (await _host.Call("GET", item, token)).Status);
        Assert.Equal(404, (await _host.Call("PUT", item, token, Manifest, ("If-Match", "1"))).Status);
        Assert.Equal(404, (await _host.Call("DELETE", item, token, null, ("If-Match", "1"))).Status);
        Assert.Equal(404, (await _host.Call("POST", item + "/enable", token)).Status);
        Assert.Equal(404, (await _host.Call("POST", item + "/disable", token)).Status);
        Assert.Equal(404, (await _host.Call("POST", item + "/rotate-secret", token)).Status);
        Assert.Equal(404, (await _host.Call("GET", $"/api/account/a/tokens/{_tokenIdOfB}", token)).Status);
        Assert.Equal(404, (await _host.Call("DELETE", $"/api/account/a/tokens/{_tokenIdOfB}", token)).Status);
        Assert.Equal("1", (await _host.Call("GET", item.Replace("/a/", "/b/", StringComparison.Ordinal))).Revision);
    }

    [Fact]
    public void Every_route_but_the_login_says_what_it_needs() => Assert.Equal(
        ["/api/account/{account}/login"],
        _host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<NeedOfRoute>() is null)
            .Select(endpoint => endpoint.RoutePattern.RawText));

    private static string? Body(string method) => method is "POST" or "PUT" ? Manifest : null;

    private static (string Method, string Path) CallOf(RouteEndpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0], endpoint.RoutePattern.RawText!);

    private IEnumerable<(string Method, string Path)> Calls() => Routes().Select(CallOf);

    private IEnumerable<RouteEndpoint> Routes() => _host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<NeedOfRoute>() is not null);

    private string Path(string pattern, string account) => pattern
        .Replace("{account}", account, StringComparison.Ordinal)
        .Replace("{client_id}", _installOfB, StringComparison.Ordinal)
        .Replace("{consumer_key}", _appKeyOfB, StringComparison.Ordinal)
        .Replace("{id}", _tokenIdOfB, StringComparison.Ordinal);
}
