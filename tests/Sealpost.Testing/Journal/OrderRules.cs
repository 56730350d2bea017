namespace Sealpost.Testing.Journal;

/// <summary>What must hold within each lane: one conversation of one install.</summary>
internal static class OrderRules
{
    public static IEnumerable<Violation> Check(HistoryIndex index)
    {
        var lanes = index.Deliveries.GroupBy(d => (d.Install, d.Mark.Conversation));
        foreach (var lane in lanes)
        {
            var inSequence = lane.OrderBy(d => d.Sequence).ThenBy(d => d.FirstAttempt).ToList();
            var strict = index.Installs.TryGetValue(lane.Key.Install, out var install) && install.MaxRetries is null;
            foreach (var violation in Published(inSequence, index).Concat(Overtaken(inSequence, strict)))
            {
                yield return violation;
            }
        }
    }

    /// <summary>
    /// Request a precedes request b when a's 202 was read before b was begun; lines of one request precede each other.
    /// Walking the lane in sequence, an event is out of order when one before it was begun after its own acceptance.
    /// </summary>
    private static IEnumerable<Violation> Published(List<ReceivedDelivery> inSequence, HistoryIndex index)
    {
        PublishedLine? latest = null;
        var lastLine = new Dictionary<long, int>();
        foreach (var delivery in inSequence)
        {
            if (index.LineOf(delivery.Mark) is not { } line)
            {
                continue;
            }

            if (latest is not null && line.Request.AcceptedBy <= latest.Request.StartedAt)
            {
                yield return new(
                    ViolationKind.OutOfOrder,
                    $"{line.Event.Mark} was accepted before {latest.Event.Mark} was published, but has the later sequence {delivery.Sequence} at install {delivery.Install}.");
            }

            if (lastLine.TryGetValue(line.Request.Number, out var previous) && line.Line < previous)
            {
                yield return new(
                    ViolationKind.OutOfOrder,
                    $"{line.Event.Mark} stands before another line of request {line.Request.Number}, but has the later sequence {delivery.Sequence} at install {delivery.Install}.");
            }

            lastLine[line.Request.Number] = line.Line;
            latest = latest is null || line.Request.StartedAt > latest.Request.StartedAt ? line : latest;
        }
    }

    /// <summary>
    /// By time to live, no delivery is attempted before the success of the one ahead of it. By numbers, only first
    /// attempts keep the order: a failed delivery is retried beside later ones.
    /// </summary>
    private static IEnumerable<Violation> Overtaken(List<ReceivedDelivery> inSequence, bool strict)
    {
        foreach (var (ahead, behind) in inSequence.Zip(inSequence.Skip(1)))
        {
            if (ahead.Sequence == behind.Sequence)
            {
                yield return new(
                    ViolationKind.ChangedIdentity, $"{ahead.Id} and {behind.Id} share the sequence {ahead.Sequence} in {ahead.Mark.Conversation}.");
            }
            else if (strict ? !(ahead.FirstSuccess < behind.FirstAttempt) : ahead.FirstAttempt > behind.FirstAttempt)
            {
                yield return new(
                    ViolationKind.Overtaken,
                    $"{behind.Id} ({behind.Mark}, sequence {behind.Sequence}) was attempted before {ahead.Id} ({ahead.Mark}, sequence {ahead.Sequence}) {(strict ? "succeeded" : "was")} at install {ahead.Install}.");
            }
        }
    }
}
