using Sealpost.Sending;

namespace Sealpost.Retry;

/// <summary>
/// What comes after an attempt (protocol 4). Pure: the outcome, the policy as of now and the clock decide.
/// </summary>
/// <remarks>
/// 1. A success is delivered, however old it is. 2. An attempt that was not made changes nothing. 3. By numbers: again after
/// <see cref="RetryOptions.FixedDelay"/> while retries are left, and for as long as MTLS itself fails. 4. By time to live: it stays where it is until it expires; when
/// it is tried again is decided for the whole install (<see cref="Standing"/>).
/// </remarks>
public static class RetryRules
{
    /// <param name="policy">The delivery's policy as of now.</param>
    /// <param name="attempts">Attempts made, this one included.</param>
    /// <param name="acceptedAt">When the delivery was accepted; its age counts from here.</param>
    /// <param name="outcome">What came of the attempt.</param>
    /// <param name="now">The end of the attempt.</param>
    /// <param name="options">The waits.</param>
    public static Decision Decide(
        RetryPolicy policy, int attempts, DateTimeOffset acceptedAt, Outcome outcome, DateTimeOffset now, RetryOptions options) =>
        outcome.Kind switch
        {
            OutcomeKind.Delivered => Decision.Delivered,
            _ when !outcome.IsMade => Decision.NotMade,
            _ when policy.RetentionTime is null => ByNumbers(policy, attempts, outcome, now, options),
            _ => ByTimeToLive(policy, acceptedAt, now),
        };

    /// <summary>Whether this failure fails the whole install (protocol 4, by time to live).</summary>
    public static bool FailsInstall(RetryPolicy policy, Outcome outcome) =>
        policy is { RetentionTime: not null, NeverRetried: false } && outcome is { IsMade: true, Succeeded: false };

    /// <summary>
    /// Whether an attempt is one of those that a delivery has. By numbers, a failure of MTLS itself takes nothing away of the retries
    /// that the endpoint is owed (protocol 5).
    /// </summary>
    public static bool Counts(RetryPolicy policy, Outcome outcome) =>
        outcome.IsMade && (outcome.Kind != OutcomeKind.MtlsUnavailable || policy.RetentionTime is not null);

    /// <summary>Whether a delivery is too old to be attempted at <paramref name="now"/>.</summary>
    public static bool IsExpired(RetryPolicy policy, DateTimeOffset acceptedAt, DateTimeOffset now) =>
        policy.ExpiresAt(acceptedAt) is { } end && now >= end;

    private static Decision ByNumbers(RetryPolicy policy, int attempts, Outcome outcome, DateTimeOffset now, RetryOptions options)
    {
        if (attempts <= policy.MaxRetries || outcome.Kind == OutcomeKind.MtlsUnavailable)
        {
            return Decision.RetryBesideLane(DueAt(options.FixedDelay, outcome, now, options));
        }

        return Decision.Dead(policy.MaxRetries == 0 ? DeadReason.NotRetried : DeadReason.RetriesExhausted);
    }

    private static Decision ByTimeToLive(RetryPolicy policy, DateTimeOffset acceptedAt, DateTimeOffset now)
    {
        if (policy.NeverRetried)
        {
            return Decision.Dead(DeadReason.NotRetried);
        }

        return IsExpired(policy, acceptedAt, now) ? Decision.Dead(DeadReason.Expired) : Decision.RetryInLane;
    }

    // Retry-After moves the next attempt no earlier than it says, at most BackoffMax away (protocol 3).
    private static DateTimeOffset DueAt(TimeSpan wait, Outcome outcome, DateTimeOffset now, RetryOptions options)
    {
        var asked = outcome.RetryAfter is { } after && after > options.BackoffMax ? options.BackoffMax : outcome.RetryAfter ?? TimeSpan.Zero;
        return now + (asked > wait ? asked : wait);
    }
}
