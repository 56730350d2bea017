using Sealpost.Installs;
using Sealpost.Protocol.Installs;

namespace Sealpost.Retry;

/// <summary>How one delivery is retried, as its install and webhook say at this moment (protocol 4).</summary>
/// <param name="MaxRetries">Retries after the first attempt, by numbers: 0 to 5.</param>
/// <param name="RetentionTime">How long it lives, by time to live; null: by numbers.</param>
/// <param name="NeverRetried"><c>max_retries: 0</c> written out on a webhook of an install that retries by time to live.</param>
public readonly record struct RetryPolicy(int MaxRetries, TimeSpan? RetentionTime, bool NeverRetried)
{
    public static RetryPolicy Of(Install install, Webhook webhook)
    {
        var retention = install.Manifest.RetentionTime;
        return new RetryPolicy(webhook.MaxRetries ?? 0, retention, retention is not null && webhook.MaxRetries == 0);
    }

    /// <summary>When a delivery accepted at <paramref name="acceptedAt"/> expires; null: it does not.</summary>
    public DateTimeOffset? ExpiresAt(DateTimeOffset acceptedAt) => acceptedAt + RetentionTime;
}
