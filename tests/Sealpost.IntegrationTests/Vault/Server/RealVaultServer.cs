using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Sealpost.IntegrationTests.Vault.Server;

/// <summary>
/// The server at <c>VAULT_ADDR</c>, HashiCorp Vault or OpenBao, with the operator's token in <c>VAULT_TOKEN</c>: it gets a KV engine, a
/// policy and an AppRole of this test's own, which go again at the end.
/// </summary>
internal sealed class RealVaultServer : IVaultServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _operator;
    private readonly string _name = "sealpost-test-" + Guid.NewGuid().ToString("N")[..8];

    private RealVaultServer(Uri address, string token)
    {
        Address = address;
        _operator = new HttpClient(new SocketsHttpHandler()) { BaseAddress = address };
        _operator.DefaultRequestHeaders.Add("X-Vault-Token", token);
        _operator.DefaultRequestHeaders.Add("X-Vault-Request", "true");
    }

    public Uri Address { get; }

    public string Mount => _name;

    public string RoleId { get; private set; } = "";

    /// <summary>Null where no server is named; the test is skipped then.</summary>
    public static async Task<RealVaultServer?> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("VAULT_ADDR") is not { Length: > 0 } address)
        {
            return null;
        }

        var server = new RealVaultServer(new Uri(address), Environment.GetEnvironmentVariable("VAULT_TOKEN") ?? "");
        await server.SetUpAsync();
        return server;
    }

    public async Task<string> SecretIdAsync()
    {
        using var response = await _operator.PostAsync($"/v1/auth/approle/role/{_name}/secret-id", null);
        return await TextAsync(response, "secret_id");
    }

    public async Task OperateAsync(HttpMethod method, string path, string? body = null)
    {
        using var response = await CallAsync(method, path, body);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var path in new[] { $"sys/mounts/{Mount}", $"auth/approle/role/{_name}", $"sys/policies/acl/{_name}" })
        {
            using var response = await CallAsync(HttpMethod.Delete, path, null);
        }

        _operator.Dispose();
    }

    private async Task SetUpAsync()
    {
        await OperateAsync(HttpMethod.Post, $"sys/mounts/{Mount}", """{"type":"kv","options":{"version":"2"}}""");
        using (var enabled = await CallAsync(HttpMethod.Post, "sys/auth/approle", """{"type":"approle"}"""))
        {
            // Enabled by an earlier run is as good.
            Assert.True(enabled.IsSuccessStatusCode || enabled.StatusCode == HttpStatusCode.BadRequest);
        }

        var policy = $$"""
            path "{{Mount}}/data/sealpost/*" { capabilities = ["create", "update", "read"] }
            path "{{Mount}}/metadata/sealpost/*" { capabilities = ["delete"] }
            """;
        await OperateAsync(HttpMethod.Put, $"sys/policies/acl/{_name}", JsonSerializer.Serialize(new { policy }));
        await OperateAsync(HttpMethod.Post, $"auth/approle/role/{_name}", $$"""{"token_policies":"{{_name}}","token_ttl":"10m"}""");
        using var response = await _operator.GetAsync($"/v1/auth/approle/role/{_name}/role-id");
        RoleId = await TextAsync(response, "role_id");
        await EngineIsReadyAsync();
    }

    // A new engine of version 2 refuses everything for a moment.
    private async Task EngineIsReadyAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var response = await CallAsync(HttpMethod.Get, $"{Mount}/config", null);
            if (response.IsSuccessStatusCode)
            {
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "the KV engine does not come up");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private Task<HttpResponseMessage> CallAsync(HttpMethod method, string path, string? body)
    {
        var request = new HttpRequestMessage(method, "/v1/" + path);
        request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        return _operator.SendAsync(request);
    }

    private static async Task<string> TextAsync(HttpResponseMessage response, string member)
    {
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        return json.GetProperty("data").GetProperty(member).GetString()!;
    }
}
