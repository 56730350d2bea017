using System.Collections.Immutable;
using Sealpost.Sending;

namespace Sealpost.Retry;

/// <summary>
/// How an install that retries by time to live stands, and what it moves on by (protocol 4). Pure: every step makes a new one.
/// </summary>
/// <remarks>
/// 1. A failure in any other state fails the install: the failing set holds its endpoint, the first round is due after the first
/// backoff. 2. Failures of attempts that were in flight then add their endpoints; they do not move the backoff. 3. A round probes
/// each endpoint of the set; a success, or nothing to probe with, takes the endpoint out. 4. A round that leaves the set not empty
/// is followed by the next one, a backoff step after its last attempt. 5. With the set empty the install is in transition until
/// nothing accepted before is pending, then recovered until nothing accepted before that is pending, then up.
/// </remarks>
public sealed record Standing
{
    // Before the first standing, which begins with it.
    private static readonly ImmutableSortedDictionary<string, long> NoEndpoints = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    public static Standing Up { get; } = new();

    public InstallState State { get; private init; }

    /// <summary>When it failed; null unless it is failed now.</summary>
    public DateTimeOffset? FailedSince { get; private init; }

    /// <summary>The failing set: its endpoints, each with the delivery that failed there last; 0 where none has yet.</summary>
    public ImmutableSortedDictionary<string, long> Failing { get; private init; } = NoEndpoints;

    /// <summary>Backoff steps taken since it failed.</summary>
    public int Step { get; private init; }

    /// <summary>When the next round is due; while one is under way, when that one was. Null unless failed.</summary>
    public DateTimeOffset? RoundAt { get; private init; }

    /// <summary>The last delivery accepted before the present state began; 0 unless in transition or recovered.</summary>
    public long Watermark { get; private init; }

    // What Retry-After asked for: no round starts before, whatever the backoff says (protocol 3).
    private DateTimeOffset NotBefore { get; init; }

    /// <summary>As it was stored.</summary>
    public static Standing Restore(
        InstallState state, DateTimeOffset? failedSince, IEnumerable<KeyValuePair<string, long>> failing, int step, DateTimeOffset? roundAt, long watermark) => new()
        {
            State = state,
            FailedSince = failedSince,
            Failing = NoEndpoints.AddRange(failing),
            Step = step,
            RoundAt = roundAt,
            Watermark = watermark,
        };

    /// <summary>An attempt that is no probe has failed at <paramref name="now"/>, its end.</summary>
    public Standing Failure(string endpoint, long delivery, Outcome outcome, DateTimeOffset now, RetryOptions options)
    {
        if (State != InstallState.Failed)
        {
            return new Standing
            {
                State = InstallState.Failed,
                FailedSince = now,
                Failing = NoEndpoints.Add(endpoint, delivery),
                Step = 1,
                RoundAt = Later(now + Backoff.After(1, options), AskedFor(outcome, now, options)),
            };
        }

        var asked = Later(NotBefore, AskedFor(outcome, now, options));
        return this with
        {
            Failing = Failing.TryGetValue(endpoint, out var known) && known > 0 && known < delivery ? Failing : Failing.SetItem(endpoint, delivery),
            NotBefore = asked,
            RoundAt = Later(RoundAt!.Value, asked),
        };
    }

    /// <summary>A probe of the present round has failed at <paramref name="now"/>.</summary>
    public Standing ProbeFailure(string endpoint, long delivery, Outcome outcome, DateTimeOffset now, RetryOptions options) => this with
    {
        Failing = Failing.SetItem(endpoint, delivery),
        NotBefore = Later(NotBefore, AskedFor(outcome, now, options)),
    };

    /// <summary>The endpoint answers again, or nothing is there to probe it with.</summary>
    public Standing Without(string endpoint) => this with { Failing = Failing.Remove(endpoint) };

    /// <summary>A delivery that failed an endpoint is over: it stands in nobody's way any more.</summary>
    public Standing Forget(long delivery)
    {
        foreach (var (endpoint, failed) in Failing)
        {
            if (failed == delivery)
            {
                return this with { Failing = Failing.SetItem(endpoint, 0) };
            }
        }

        return this;
    }

    /// <summary>The round is over and endpoints still fail.</summary>
    /// <param name="lastEnd">The end of its last attempt.</param>
    /// <param name="hasFailed">A probe of it has failed; else only attempts beside it have, and the backoff does not move.</param>
    /// <param name="options">The waits.</param>
    public Standing RoundOver(DateTimeOffset lastEnd, bool hasFailed, RetryOptions options)
    {
        var step = Step + (hasFailed ? 1 : 0);
        return this with { Step = step, RoundAt = Later(lastEnd + Backoff.After(step, options), NotBefore), NotBefore = default };
    }

    /// <summary>The failing set is empty, or everything from before the present state is over.</summary>
    /// <param name="lastAccepted">The last delivery accepted so far.</param>
    /// <param name="hasPending">Whether any is pending.</param>
    public Standing MoveOn(long lastAccepted, bool hasPending) => State switch
    {
        InstallState.Failed when hasPending => new Standing { State = InstallState.InTransition, Watermark = lastAccepted },
        InstallState.InTransition when hasPending => new Standing { State = InstallState.Recovered, Watermark = lastAccepted },
        _ => Up,
    };

    /// <summary>Its manifest or secret was changed while it was failed: the next round is due now, with the backoff set back.</summary>
    public Standing Edited(DateTimeOffset now) => this with { Step = 0, RoundAt = now, NotBefore = default };

    /// <summary>It was enabled with deliveries stored: whether its endpoints answer is not known, and a round is due now.</summary>
    public static Standing Enabled(IEnumerable<string> endpoints, DateTimeOffset now) => new()
    {
        State = InstallState.Failed,
        FailedSince = now,
        Failing = NoEndpoints.AddRange(endpoints.Select(endpoint => KeyValuePair.Create(endpoint, 0L))),
        RoundAt = now,
    };

    private static DateTimeOffset AskedFor(Outcome outcome, DateTimeOffset now, RetryOptions options) =>
        outcome.RetryAfter is { } after ? now + (after < options.BackoffMax ? after : options.BackoffMax) : default;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
