using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Sealpost.Accounts;
using Sealpost.Hosting;

namespace Sealpost.Mtls.Forward;

/// <summary>
/// Each account's forwards a second (settings <c>Mtls:Throttle:*</c>, protocol 5). Whoever opens every account, such as the platform's own
/// key, is not counted. Thread safe.
/// </summary>
internal sealed class ForwardThrottle(MtlsOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<AccountId, StrongBox> _accounts = new();
    private readonly long _started = time.GetTimestamp();

    /// <summary>Null: go on; else the 429 that says when to come back.</summary>
    public Problem? Refuse(Caller caller, AccountId account)
    {
        if (caller.Account is null)
        {
            return null;
        }

        var box = _accounts.GetOrAdd(account, static (_, burst) => new StrongBox { Bucket = new TokenBucket(burst, TimeSpan.Zero) }, options.Burst);
        TimeSpan? wait;
        lock (box)
        {
            (box.Bucket, wait) = box.Bucket.Take(time.GetElapsedTime(_started), options.PermitsPerSecond, options.Burst);
        }

        return wait is null
            ? null
            : new Problem(StatusCodes.Status429TooManyRequests, "throttled", $"This account has {options.PermitsPerSecond} forwards a second.")
            {
                RetryAfter = wait,
            };
    }

    private sealed class StrongBox
    {
        public TokenBucket Bucket { get; set; }
    }
}
