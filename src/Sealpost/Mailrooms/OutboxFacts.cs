using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Mailrooms;

/// <summary>How an install's outbox stands at one moment, for whoever asks.</summary>
/// <param name="Pending">Deliveries neither delivered nor dead.</param>
/// <param name="Standing">How the install stands.</param>
/// <param name="NextRound">When the next round of probes is due; null when none is, or one is under way.</param>
/// <param name="Slow">Its endpoints that have not answered in time lately, each with the start of that.</param>
internal sealed record OutboxFacts(long Pending, Standing Standing, DateTimeOffset? NextRound, IReadOnlyDictionary<string, DateTimeOffset> Slow)
{
    /// <summary>How each event type's endpoint is reached.</summary>
    public IReadOnlyDictionary<string, Route> Routes { get; init; } = new Dictionary<string, Route>();

    public DateTimeOffset? SlowSince(string endpoint) => Slow.TryGetValue(endpoint, out var since) ? since : null;
}
