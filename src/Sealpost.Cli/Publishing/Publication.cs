using System.Net.Http.Headers;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Publishing;

/// <summary>One publish call: where to, and what each request of it carries.</summary>
/// <param name="EventType">Overrides the envelope's event type; null leaves it.</param>
/// <param name="Conversation">Overrides the envelope's conversation; null leaves it.</param>
/// <param name="IdempotencyKey">The first request's key; those of later batches are made from it.</param>
internal sealed record Publication(string? EventType, string? Conversation, string IdempotencyKey)
{
    private const string Json = "application/json";
    private const string Ndjson = "application/x-ndjson";

    public HttpRequestMessage One(ApiClient api, ReadOnlyMemory<byte> body) => Request(api, body, Json, IdempotencyKey);

    /// <summary>The request of batch <paramref name="number"/>, from 1. The same file with the same key makes the same requests,
    /// so that a run which broke off can be repeated whole.</summary>
    public HttpRequestMessage Batch(ApiClient api, NdjsonBatch batch, int number) =>
        Request(api, batch.Bytes, Ndjson, number == 1 ? IdempotencyKey : $"{IdempotencyKey}.{number}");

    private HttpRequestMessage Request(ApiClient api, ReadOnlyMemory<byte> body, string contentType, string key)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        var request = new HttpRequestMessage(HttpMethod.Post, api.InAccount($"notifications{Query()}")) { Content = content };
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    private string Query()
    {
        (string Name, string? Value)[] parameters = [("eventType", EventType), ("conversation", Conversation)];
        var given = parameters.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }
}
