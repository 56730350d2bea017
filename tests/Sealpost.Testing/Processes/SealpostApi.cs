using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Sealpost.Testing.Processes;

/// <summary>The few calls of the outside that runs and benchmarks need, as the administrator, for one account (contract, HTTP).</summary>
public sealed class SealpostApi : IDisposable
{
    private readonly HttpClient _client;
    private readonly string _account;

    public SealpostApi(SealpostProcess process, string account)
    {
        _account = account;
        _client = new HttpClient { BaseAddress = process.Http, Timeout = TimeSpan.FromSeconds(30) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", process.AdminToken);
    }

    private string Installations => $"/api/account/{_account}/configuration/app-install/installations";

    /// <summary>Installs an app that keeps its own id and secret, subscribed to one event type.</summary>
    public async Task InstallAsync(NewInstall install, CancellationToken cancellation)
    {
        var webhook = new JsonObject { ["endpoint"] = install.Endpoint.AbsoluteUri };
        if (install.MaxRetries is { } retries)
        {
            webhook["max_retries"] = retries;
        }

        var webhooks = new JsonObject { [install.EventType] = webhook };
        if (install.RetentionTime is { } retention)
        {
            webhooks["retry"] = new JsonObject { ["retention_time"] = (long)retention.TotalSeconds };
        }

        await SendAsync(HttpMethod.Post, $"{Installations}?v=1.0", JsonContent.Create(new JsonObject
        {
            ["client_id"] = install.ClientId,
            ["client_secret"] = install.ClientSecret,
            ["client_name"] = install.Name,
            ["enabled"] = install.Enabled,
            ["capabilities"] = new JsonObject { ["webhooks"] = webhooks },
        }), cancellation);
    }

    public Task EnableAsync(string clientId, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"{Installations}/{clientId}/enable", null, cancellation);

    /// <summary>Publishes one event.</summary>
    public async Task PublishAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await SendAsync(HttpMethod.Post, $"/api/account/{_account}/notifications", content, cancellation);
    }

    /// <summary>The account's live stream (server-sent events), from after <paramref name="lastId"/> where it is given.</summary>
    public async Task<Stream> EventsAsync(string? lastId, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/account/{_account}/events", UriKind.Relative));
        request.Headers.Add("Last-Event-ID", lastId is null ? [] : [lastId]);
        var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellation);
    }

    /// <summary>How many deliveries an install still owes.</summary>
    public async Task<long> StoredAsync(string clientId, CancellationToken cancellation)
    {
        var state = await SendAsync(HttpMethod.Get, $"{Installations}/{clientId}/state", null, cancellation);
        return JsonNode.Parse(state)!["stored"]!.GetValue<long>();
    }

    /// <summary>The Prometheus text.</summary>
    public Task<string> MetricsAsync(CancellationToken cancellation) => SendAsync(HttpMethod.Get, "/metrics", null, cancellation);

    public void Dispose() => _client.Dispose();

    internal async Task<string> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = content;
        using var answer = await _client.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode
            ? text
            : throw new HttpRequestException($"{method} {path} was answered {(int)answer.StatusCode}: {text}");
    }
}
