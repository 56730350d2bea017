using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Mailrooms;

/// <summary>An attempt that is to be made, with its place in the mailrooms.</summary>
/// <param name="Lane">The lane whose head it is.</param>
/// <param name="Attempt">What is to be sent.</param>
/// <param name="MoreCanGo">Others may be picked beside it.</param>
internal readonly record struct PickedAttempt(Outboxes.Lane Lane, Attempt Attempt, bool MoreCanGo);

/// <summary>What an attempt led to: for the metrics, the log of attempts and the live stream.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Decision">What happens to the delivery now.</param>
/// <param name="Conversation">The delivery's conversation.</param>
/// <param name="AcceptedAt">When it was accepted.</param>
/// <param name="EndedAt">When the attempt ended.</param>
internal readonly record struct Completion(
    Attempt Attempt, Outcome Outcome, Decision Decision, string Conversation, DateTimeOffset AcceptedAt, DateTimeOffset EndedAt)
{
    /// <summary>When something is due next in the mailrooms; null when nothing is.</summary>
    public DateTimeOffset? NextDue { get; init; }
}
