using Sealpost.Protocol.Notifications;

namespace Sealpost.Protocol.Installs;

/// <summary>What <c>capabilities.webhooks</c> holds.</summary>
internal sealed record WebhookList(IReadOnlyDictionary<string, Webhook> ByEventType, TimeSpan? RetentionTime)
{
    public static WebhookList Empty { get; } = new(new OrderedDictionary<string, Webhook>(StringComparer.Ordinal), null);
}

/// <summary>Reads <c>capabilities.webhooks</c>: one member per event type key, and <c>retry</c> (protocol 2).</summary>
internal static class WebhookReader
{
    private const int MinRetentionSeconds = 2;
    private const int MaxRetentionSeconds = 259_200;
    private const int MaxRetries = 5;

    public static WebhookList Read(Member? webhooks)
    {
        if (webhooks is not { IsNull: false } member || !member.IsObject())
            return WebhookList.Empty;
        var byEventType = new OrderedDictionary<string, Webhook>(StringComparer.Ordinal);
        TimeSpan? retention = null;
        foreach (var (name, child) in member.Children())
        {
            if (name is "retry")
                retention = ReadRetention(child);
            else if (ReadWebhook(name, child) is { } webhook)
                byEventType.Add(name, webhook);
        }
        return new WebhookList(byEventType, retention);
    }

    private static TimeSpan? ReadRetention(Member retry)
    {
        if (!retry.IsObject())
            return null;
        var seconds = retry.Required("retention_time")?.Integer(MinRetentionSeconds, MaxRetentionSeconds);
        return seconds is { } given ? TimeSpan.FromSeconds(given) : null;
    }

    private static Webhook? ReadWebhook(string eventType, Member webhook)
    {
        if (!KeyRules.Allow(eventType))
            webhook.Report("event_type", $"is named by an event type key, which must have {KeyRules.Words}");
        if (!webhook.IsObject())
            return null;
        var endpoint = webhook.Required("endpoint") is { } member ? EndpointRules.Read(member) : null;
        var maxRetries = webhook.Child("max_retries")?.Integer(0, MaxRetries);
        var headers = HeaderRules.Read(webhook.Child("headers"));
        return endpoint is null ? null : new Webhook(eventType, endpoint, maxRetries, headers);
    }
}
