using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sealpost.IntegrationTests.Vault.Server;

/// <summary>A KV engine of version 2 in memory: versions, check-and-set, soft deletion, destruction (security 4).</summary>
internal sealed class ScriptedKv(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, List<Version>> _secrets = new();
    private readonly Lock _changing = new();

    /// <summary>Carries a write out and loses the answer, once.</summary>
    public bool LosesNextAnswer { get; set; }

    public Task ServeAsync(HttpContext context, string path, string body)
    {
        lock (_changing)
        {
            var slash = path.IndexOf('/', StringComparison.Ordinal);
            var (kind, key) = (path[..slash], path[(slash + 1)..]);
            return (context.Request.Method, kind) switch
            {
                ("GET", "data") => Read(context, key),
                ("POST" or "PUT", "data") => Write(context, key, JsonElement.Parse(body)),
                ("DELETE", "data") => Mark(context, key, version => version with { DeletedAt = Now() }),
                ("POST", "destroy") => Mark(context, key, version => version with { Data = null, IsDestroyed = true }),
                ("DELETE", "metadata") => Wipe(context, key),
                _ => ScriptedVaultServer.JsonAsync(context, 405, """{"errors":["unsupported operation"]}"""),
            };
        }
    }

    private Task Read(HttpContext context, string key)
    {
        if (!_secrets.TryGetValue(key, out var versions))
        {
            return ScriptedVaultServer.JsonAsync(context, 404, """{"errors":[]}""");
        }

        var latest = versions[^1];
        var isThere = latest is { DeletedAt: null, IsDestroyed: false };
        var answer = new { request_id = "1", data = new { data = isThere ? latest.Data : null, metadata = Metadata(versions) } };
        return ScriptedVaultServer.JsonAsync(context, isThere ? 200 : 404, JsonSerializer.Serialize(answer));
    }

    private Task Write(HttpContext context, string key, JsonElement body)
    {
        var versions = _secrets.GetValueOrDefault(key) ?? [];
        if (body.GetProperty("options").GetProperty("cas").GetInt32() != versions.Count)
        {
            return ScriptedVaultServer.JsonAsync(context, 400, """{"errors":["check-and-set parameter did not match the current version"]}""");
        }

        versions.Add(new Version(body.GetProperty("data").Clone(), Now()));
        _secrets[key] = versions;
        if (LosesNextAnswer)
        {
            LosesNextAnswer = false;
            context.Abort();
            return Task.CompletedTask;
        }

        return ScriptedVaultServer.JsonAsync(context, 200, JsonSerializer.Serialize(new { data = Metadata(versions) }));
    }

    private Task Mark(HttpContext context, string key, Func<Version, Version> change)
    {
        var versions = _secrets[key];
        versions[^1] = change(versions[^1]);
        return ScriptedVaultServer.JsonAsync(context, 204, "");
    }

    private Task Wipe(HttpContext context, string key)
    {
        _secrets.TryRemove(key, out _);
        return ScriptedVaultServer.JsonAsync(context, 204, "");
    }

    private static object Metadata(List<Version> versions) => new
    {
        created_time = versions[^1].CreatedAt,
        deletion_time = versions[^1].DeletedAt ?? "",
        destroyed = versions[^1].IsDestroyed,
        version = versions.Count,
    };

    private string Now() => time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);

    private sealed record Version(JsonElement? Data, string CreatedAt)
    {
        public string? DeletedAt { get; init; }

        public bool IsDestroyed { get; init; }
    }
}
