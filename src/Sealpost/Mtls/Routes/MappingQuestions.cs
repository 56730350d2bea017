using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sealpost.Accounts;
using Sealpost.Domains;
using Sealpost.Mtls.Mappings;

namespace Sealpost.Mtls.Routes;

/// <summary>Asks MTLS with its check call (protocol 5, version 2), at the gateway that the Domain API names.</summary>
/// <param name="hop">Sends the questions.</param>
/// <param name="domains">Finds the gateway, anew at each question.</param>
/// <param name="signer">Signs them.</param>
/// <param name="timeout">For one request.</param>
/// <param name="time">The clock.</param>
internal sealed class MappingQuestions(HttpMessageInvoker hop, DomainClient domains, SignedHop signer, TimeSpan timeout, TimeProvider time) : IMappingSource
{
    /// <summary>Questions that the check call takes at once.</summary>
    private const int MaxBatch = 1000;

    private static readonly string Service = MtlsServices.Name(MtlsService.Webhooks);

    public async Task<IReadOnlyList<bool>> AskAsync(AccountId account, IReadOnlyList<string> endpoints, CancellationToken cancellation)
    {
        var gateway = await domains.RefreshAsync(account, cancellation);
        var answers = new List<bool>(endpoints.Count);
        foreach (var batch in endpoints.Chunk(MaxBatch))
        {
            answers.AddRange(await AskBatchAsync(gateway, account, batch, cancellation));
        }

        return answers;
    }

    private async Task<IEnumerable<bool>> AskBatchAsync(Uri gateway, AccountId account, string[] endpoints, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, "/mtls/mapping?v=2"));
        var questions = endpoints.Select(endpoint => new CheckedMapping { ServiceName = Service, AccountId = account.Value, Url = endpoint });
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(questions));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        signer.Sign(request);
        using var response = await hop.SendAsync(request, either.Token);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"{gateway.Authority} answered {(int)response.StatusCode}");
        }

        var body = await response.Content.ReadAsByteArrayAsync(either.Token);
        return Read(body, endpoints) ?? throw new HttpRequestException($"{gateway.Authority} answered something else than one answer for each question");
    }

    private static IEnumerable<bool>? Read(byte[] body, string[] endpoints)
    {
        try
        {
            var answers = JsonSerializer.Deserialize<CheckedMapping[]>(body);
            return answers?.Length == endpoints.Length && answers.Zip(endpoints).All(pair => pair.First.Url == pair.Second && pair.First.DoesExist is not null)
                ? answers.Select(answer => answer.DoesExist!.Value)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record CheckedMapping
    {
        [JsonPropertyName("serviceName")]
        public required string ServiceName { get; init; }

        [JsonPropertyName("accountId")]
        public required string AccountId { get; init; }

        [JsonPropertyName("url")]
        public required string Url { get; init; }

        [JsonPropertyName("doExist")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public bool? DoesExist { get; init; }
    }
}
