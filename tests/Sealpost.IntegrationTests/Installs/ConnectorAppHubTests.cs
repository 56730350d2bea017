using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Installs;

/// <summary>
/// The calls of LivePerson's Connector App Hub (lp-demo-app-connector-api 4.0.6, its server), header for header: the Domain API over HTTP,
/// everything else over HTTPS at the hosts that it answers; GET and DELETE carry a body of <c>[object Object]</c>; an edit and a deletion
/// read <c>ac-revision</c> and give it back.
/// </summary>
public sealed class ConnectorAppHubTests : IAsyncLifetime
{
    private const string Account = "12345";
    private const string Installations = $"/api/account/{Account}/configuration/app-install/installations";
    private const string Agent = "Connector App Hub";

    private RunningService _service = null!;
    private HttpClient _hub = null!;
    private string _bearer = "";

    public async ValueTask InitializeAsync()
    {
        _service = await RunningService.StartAsync();
        Assert.Equal(201, (await _service.CallAsync("POST", "/api/accounts", $$"""{"id":"{{Account}}"}""")).Status);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = Trusting(Path.Combine(_service.Data, "tls", "ca.pem"));
        _hub = new HttpClient(handler);
    }

    public async ValueTask DisposeAsync()
    {
        _hub.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task It_logs_in_lists_creates_edits_disables_enables_and_deletes()
    {
        await LogInAsync();
        Assert.Equal("[]", (await SendAsync(HttpMethod.Get, "")).Body);

        var created = await SendAsync(HttpMethod.Post, "", Agent, """
            {"client_name":"hub app","description":"","grant_types":["authorization_code"],"redirect_uris":["https://example.com/cb"],
             "response_types":["code"],"scope":"msg.consumer","logo_uri":"","capabilities":{"engagement":null,"webhooks":
             {"ms.MessagingEventNotification.ContentEvent":{"endpoint":"https://example.com/events","headers":[],"max_retries":2}} } }
            """);
        Assert.Equal(201, created.Status);
        var id = Assert.Single(JsonNode.Parse((await SendAsync(HttpMethod.Get, "")).Body)!.AsArray())!["client_id"]!.GetValue<string>();

        foreach (var enabled in (bool[])[false, true])
        {
            var shown = JsonNode.Parse((await SendAsync(HttpMethod.Get, $"/{id}")).Body)!;
            Assert.NotNull(shown["client_secret"]);
            (shown["enabled"], shown["description"]) = (enabled, $"edited {enabled}");
            Assert.Equal(200, (await ChangeAsync(HttpMethod.Put, id, shown.ToJsonString())).Status);
            var after = JsonNode.Parse((await SendAsync(HttpMethod.Get, $"/{id}")).Body)!;
            Assert.Equal((enabled, $"edited {enabled}"), (after["enabled"]!.GetValue<bool>(), after["description"]!.GetValue<string>()));
            Assert.Equal("https://example.com/events", after["capabilities"]!["webhooks"]!["ms.MessagingEventNotification.ContentEvent"]!["endpoint"]!.GetValue<string>());
        }

        Assert.InRange((await ChangeAsync(HttpMethod.Delete, id, body: null)).Status, 200, 299);
        Assert.Equal("[]", (await SendAsync(HttpMethod.Get, "")).Body);
    }

    [Fact]
    public async Task A_wrong_password_is_a_status_that_it_shows_as_one()
    {
        var answer = await PostAsync(await DomainAsync("agentVep"), "canary");
        Assert.Equal(401, answer.Status);
    }

    private async Task LogInAsync()
    {
        var answer = await PostAsync(await DomainAsync("agentVep"), _service.Token);
        Assert.Equal((200, true), (answer.Status, answer.Json.GetProperty("config").GetProperty("isAdmin").GetBoolean()));
        Assert.Equal(Account, answer.Json.GetProperty("csdsCollectionResponse").GetProperty("baseURIs")[0].GetProperty("account").GetString());
        _bearer = answer.Text("bearer");
    }

    private async Task<Answer> PostAsync(string domain, string password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://{domain}/api/account/{Account}/login");
        request.Content = Content($$"""{"username":"me@example.com","password":"{{password}}"}""");
        using var response = await _hub.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.Read(response);
    }

    private async Task<string> DomainAsync(string service)
    {
        using var response = await _service.Client.GetAsync($"/api/account/{Account}/service/baseURI.json?version=1.0", TestContext.Current.CancellationToken);
        var answer = await Answer.Read(response);
        Assert.Equal(200, answer.Status);
        return answer.Json.GetProperty("baseURIs").EnumerateArray().First(domain => domain.GetProperty("service").GetString() == service).GetProperty("baseURI").GetString()!;
    }

    // An edit or a deletion: the app is read first, and its revision goes back.
    private async Task<Answer> ChangeAsync(HttpMethod method, string id, string? body)
    {
        var read = await SendAsync(HttpMethod.Get, $"/{id}", Agent, body);
        Assert.NotNull(read.Revision);
        return await SendAsync(method, $"/{id}", Agent, body, read.Revision);
    }

    private async Task<Answer> SendAsync(HttpMethod method, string path, string? agent = null, string? body = null, string? revision = null)
    {
        using var request = new HttpRequestMessage(method, $"https://{await DomainAsync("accountConfigReadWrite")}{Installations}{path}?v=1.0");
        request.Headers.TryAddWithoutValidation("authorization", $"Bearer {_bearer}");
        request.Headers.TryAddWithoutValidation("user-agent", agent);
        request.Headers.TryAddWithoutValidation("If-Match", revision);
        if (method == HttpMethod.Put)
        {
            request.Headers.TryAddWithoutValidation("X-HTTP-Method-Override", "PUT");
        }

        request.Content = Content(body ?? "[object Object]");
        using var response = await _hub.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await Answer.Read(response);
        Assert.NotEqual(HttpStatusCode.Found, response.StatusCode);
        return answer;
    }

    private static ByteArrayContent Content(string text)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("content-type", "application/json");
        return content;
    }

    private static System.Security.Cryptography.X509Certificates.X509ChainPolicy Trusting(string file)
    {
        var policy = new System.Security.Cryptography.X509Certificates.X509ChainPolicy
        {
            TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
            RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }
}
