using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sealpost.IntegrationTests.Vault.Server;

/// <summary>A request as the server saw it.</summary>
internal sealed record VaultRequest(string Method, string Path, string? Token, string? Namespace, string Body);

/// <summary>
/// A server that follows the facts of security 4: tokens that end, an AppRole, a KV engine of version 2 (<see cref="ScriptedKv"/>),
/// namespaces, and an Agent in front that insists on <c>X-Vault-Request</c>. A script may answer in its place.
/// </summary>
internal sealed class ScriptedVaultServer : IVaultServer
{
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<VaultRequest> _seen = new();
    private readonly ConcurrentDictionary<string, (long GivenAt, TimeSpan Ttl)> _tokens = new();
    private readonly ConcurrentDictionary<string, int> _secretIds = new();

    private ScriptedVaultServer(TimeProvider time, X509Certificate2? certificate)
    {
        _time = time;
        Kv = new ScriptedKv(time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public const string OperatorToken = "operator";

    public Uri Address => new(_app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    public string Mount => "secret";

    public string RoleId => "role-1";

    public ScriptedKv Kv { get; }

    public IReadOnlyList<VaultRequest> Seen => [.. _seen];

    /// <summary>Answers a request in the server's place, or leaves it to it with false. It is given the token check's place too.</summary>
    public Func<HttpContext, Task<bool>> Script { get; set; } = _ => Task.FromResult(false);

    public TimeSpan TokenTtl { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What a renewal gives; null: the full time.</summary>
    public TimeSpan? RenewedTtl { get; set; }

    public bool Renewable { get; set; } = true;

    public string? Namespace { get; set; }

    /// <summary>A policy that permits nothing to tokens of the role.</summary>
    public bool Forbids { get; set; }

    public bool Sealed { get; set; }

    /// <summary>How many logins one secret id is good for.</summary>
    public int SecretIdUses { get; set; } = int.MaxValue;

    public int Logins => _seen.Count(request => request.Path == "auth/approle/login");

    public int Renewals => _seen.Count(request => request.Path == "auth/token/renew-self");

    public static async Task<ScriptedVaultServer> StartAsync(TimeProvider? time = null, X509Certificate2? certificate = null)
    {
        var server = new ScriptedVaultServer(time ?? TimeProvider.System, certificate);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public Task<string> SecretIdAsync()
    {
        var id = Guid.NewGuid().ToString();
        _secretIds[id] = SecretIdUses;
        return Task.FromResult(id);
    }

    /// <summary>A token that somebody else logged in for, such as an Agent.</summary>
    public string GiveToken()
    {
        var token = "hvs." + RandomNumberGenerator.GetHexString(12);
        _tokens[token] = (_time.GetTimestamp(), TokenTtl);
        return token;
    }

    public void RevokeAllTokens() => _tokens.Clear();

    public async Task OperateAsync(HttpMethod method, string path, string? body = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Address };
        using var request = new HttpRequestMessage(method, "/v1/" + path);
        request.Headers.Add("X-Vault-Token", OperatorToken);
        request.Headers.Add("X-Vault-Request", "true");
        request.Content = body is null ? null : new StringContent(body);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode);
    }

    /// <summary>Answers <paramref name="times"/> data requests with a status before it serves again.</summary>
    public void AnswerNext(int times, int status, string body = "{}", string? retryAfter = null)
    {
        var left = times;
        Script = async context =>
        {
            if (!context.Request.Path.Value!.Contains("/data/", StringComparison.Ordinal) || Interlocked.Decrement(ref left) < 0)
            {
                return false;
            }

            context.Response.Headers.RetryAfter = retryAfter;
            await JsonAsync(context, status, body);
            return true;
        };
    }

    public static Task JsonAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return status == 204 ? Task.CompletedTask : context.Response.WriteAsync(body);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var headers = context.Request.Headers;
        var path = context.Request.Path.Value!["/v1/".Length..];
        _seen.Enqueue(new VaultRequest(context.Request.Method, path, Header("X-Vault-Token"), Header("X-Vault-Namespace"), body));
        if (await Script(context))
        {
            return;
        }

        if (Header("X-Vault-Request") != "true")
        {
            await JsonAsync(context, 412, """{"errors":["missing 'X-Vault-Request' header"]}""");
        }
        else if (path == "sys/health")
        {
            await JsonAsync(context, Sealed ? 503 : 200, $$"""{"initialized":true,"sealed":{{(Sealed ? "true" : "false")}},"standby":false}""");
        }
        else if (Sealed)
        {
            await JsonAsync(context, 503, """{"errors":["Vault is sealed"]}""");
        }
        else if (Header("X-Vault-Namespace") != Namespace)
        {
            await JsonAsync(context, 404, """{"errors":["no handler for route"]}""");
        }
        else if (path == "auth/approle/login")
        {
            await LogInAsync(context, body);
        }
        else if (!IsGood(Header("X-Vault-Token")) || (Forbids && Header("X-Vault-Token") != OperatorToken && !path.StartsWith("auth/", StringComparison.Ordinal)))
        {
            await JsonAsync(context, 403, """{"errors":["1 error occurred:\n\t* permission denied\n\n"]}""");
        }
        else
        {
            await ServeAsync(context, path, Header("X-Vault-Token")!, body);
        }

        string? Header(string name) => headers.TryGetValue(name, out var value) ? value.ToString() : null;
    }

    private Task ServeAsync(HttpContext context, string path, string token, string body) => path switch
    {
        "auth/token/lookup-self" => JsonAsync(context, 200, $$"""{"data":{"ttl":{{(int)_tokens[token].Ttl.TotalSeconds}},"renewable":{{Flag(Renewable)}} } }"""),
        "auth/token/renew-self" => RenewAsync(context, token),
        "auth/token/revoke-self" => Revoke(context, token),
        _ when path.StartsWith(Mount + "/", StringComparison.Ordinal) => Kv.ServeAsync(context, path[(Mount.Length + 1)..], body),
        _ => JsonAsync(context, 404, $$"""{"errors":["no handler for route \"{{path}}\". route entry not found."]}"""),
    };

    private async Task LogInAsync(HttpContext context, string body)
    {
        var login = JsonElement.Parse(body);
        var secretId = login.GetProperty("secret_id").GetString()!;
        var isGood = login.GetProperty("role_id").GetString() == RoleId
            && _secretIds.TryGetValue(secretId, out var uses) && uses > 0 && _secretIds.TryUpdate(secretId, uses - 1, uses);
        await (isGood ? GrantAsync(context, GiveToken(), TokenTtl) : JsonAsync(context, 400, """{"errors":["invalid role or secret ID"]}"""));
    }

    private Task RenewAsync(HttpContext context, string token)
    {
        var ttl = RenewedTtl ?? TokenTtl;
        _tokens[token] = (_time.GetTimestamp(), ttl);
        return GrantAsync(context, token, ttl);
    }

    private Task Revoke(HttpContext context, string token)
    {
        _tokens.TryRemove(token, out _);
        return JsonAsync(context, 204, "");
    }

    private Task GrantAsync(HttpContext context, string token, TimeSpan ttl) => JsonAsync(
        context, 200, $$"""{"auth":{"client_token":"{{token}}","policies":["default"],"lease_duration":{{(int)ttl.TotalSeconds}},"renewable":{{Flag(Renewable)}} } }""");

    private bool IsGood(string? token) =>
        token == OperatorToken || (token is not null && _tokens.TryGetValue(token, out var given) && _time.GetElapsedTime(given.GivenAt) < given.Ttl);

    private static string Flag(bool value) => value ? "true" : "false";
}
