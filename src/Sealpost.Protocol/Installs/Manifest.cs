using Sealpost.Protocol.Signing;

namespace Sealpost.Protocol.Installs;

/// <summary>
/// What an app asks for when it is installed, checked and frozen (protocol 2). Made by <c>ManifestReader</c> alone,
/// so every value in it keeps the manifest's rules.
/// </summary>
public sealed record Manifest
{
    /// <summary>Name of the app, unique in its account; 1 to 128 characters.</summary>
    public required string ClientName { get; init; }

    /// <summary>The endpoints by event type key, in the order of the manifest.</summary>
    public required IReadOnlyDictionary<string, Webhook> Webhooks { get; init; }

    /// <summary>How long an event is retried: 2 s to 3 days. Null: the install retries by numbers.</summary>
    public TimeSpan? RetentionTime { get; init; }

    /// <summary>How deliveries are signed; sha1 in base64 unless the manifest says otherwise.</summary>
    public SignatureScheme Signature { get; init; }

    /// <summary>Whether deliveries carry the <c>x-sealpost-*</c> headers; default true.</summary>
    public bool SealpostHeaders { get; init; } = true;

    /// <summary>The manifest's own <c>enabled</c>; default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The whole manifest as JSON, unknown members included, without the members a caller cannot set.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }
}

/// <summary>Where one event type goes. <see cref="Endpoint"/> is an absolute https URL that kept all the rules of protocol 2.</summary>
/// <param name="EventType">The event type key.</param>
/// <param name="Endpoint">The endpoint as it was written.</param>
/// <param name="MaxRetries">0 to 5 retries by numbers; null where the manifest is silent (counts as 0 for by-numbers installs).</param>
/// <param name="Headers">The headers the install adds to each request, already checked.</param>
public sealed record Webhook(string EventType, Uri Endpoint, int? MaxRetries, IReadOnlyList<WebhookHeader> Headers);

/// <summary>One header that an install adds; the name is a token, the value has no control characters but HTAB.</summary>
public sealed record WebhookHeader(string Name, string Value);
