using System.Text.Json.Nodes;

namespace Sealpost.Cli.Verbs.Installs;

/// <summary>What the options say of a manifest. Null and empty mean: not said.</summary>
internal sealed record ManifestFlags(string? Name, string? Endpoint, IReadOnlyList<string> EventTypes, int? RetentionSeconds, int? MaxRetries)
{
    public bool AreEmpty => Name is null && Endpoint is null && EventTypes.Count == 0 && RetentionSeconds is null && MaxRetries is null;

    /// <summary>
    /// Writes what was said into a manifest. <c>--endpoint</c> without <c>--event-type</c> moves every webhook there is,
    /// <c>--max-retries</c> is for the same webhooks as the endpoint.
    /// </summary>
    public void Apply(JsonObject manifest)
    {
        if (Name is not null)
        {
            manifest["client_name"] = Name;
        }

        if (Endpoint is null && EventTypes.Count == 0 && RetentionSeconds is null && MaxRetries is null)
        {
            return;
        }

        var webhooks = Member(Member(manifest, "capabilities"), "webhooks");
        foreach (var eventType in EventTypes.Count > 0 ? EventTypes : Present(webhooks))
        {
            Write(Member(webhooks, eventType));
        }

        if (RetentionSeconds is { } seconds)
        {
            Member(webhooks, "retry")["retention_time"] = seconds;
        }
    }

    private void Write(JsonObject webhook)
    {
        if (Endpoint is not null)
        {
            webhook["endpoint"] = Endpoint;
        }

        if (MaxRetries is { } retries)
        {
            webhook["max_retries"] = retries;
        }
    }

    private static List<string> Present(JsonObject webhooks) =>
        [.. webhooks.Where(member => member.Value is JsonObject webhook && webhook.ContainsKey("endpoint")).Select(member => member.Key)];

    // A member that is absent, null or of another kind becomes an object.
    private static JsonObject Member(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
        {
            child = [];
            parent[name] = child;
        }

        return child;
    }
}
