using System.Text.Json.Serialization;

namespace Sealpost.Protocol.OAuth1;

/// <summary>An app key as JSON: what the call that makes one answers, and what <c>oauth sign</c> reads. It holds secrets.</summary>
public sealed record KeyFile
{
    [JsonPropertyName("consumer_key")]
    public required string ConsumerKey { get; init; }

    [JsonPropertyName("consumer_secret")]
    public required string ConsumerSecret { get; init; }

    [JsonPropertyName("token")]
    public required string Token { get; init; }

    [JsonPropertyName("token_secret")]
    public required string TokenSecret { get; init; }

    /// <summary>The account that the key opens.</summary>
    [JsonPropertyName("account")]
    public string? Account { get; init; }

    [JsonPropertyName("privileges")]
    public IReadOnlyList<string> Privileges { get; init; } = [];

    public override string ToString() => $"the key file of {ConsumerKey}";
}
