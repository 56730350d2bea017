namespace Sealpost.Testing.Journal;

/// <summary>What must hold of each attempt by itself, and of the attempts of one delivery id among each other.</summary>
internal static class AttemptRules
{
    public static IEnumerable<Violation> Check(DeliveryHistory history, HistoryIndex index) =>
        history.Attempts.SelectMany(a => Alone(a, index)).Concat(index.Deliveries.SelectMany(Among));

    private static IEnumerable<Violation> Alone(ReceivedAttempt attempt, HistoryIndex index)
    {
        var name = $"Attempt {attempt.Attempt} of {attempt.DeliveryId} at install {attempt.Install}";
        if (!attempt.SignatureValid)
        {
            yield return new(ViolationKind.BadSignature, $"{name} carries a wrong signature.");
        }

        if (!index.Installs.ContainsKey(attempt.Install))
        {
            yield return new(ViolationKind.Stranger, $"{name} names an install that is not subscribed.");
        }

        if (attempt.DeliveryId.Length == 0)
        {
            yield return new(ViolationKind.Stranger, $"{name} carries no delivery id.");
        }

        if (attempt.Mark is not { } mark || index.LineOf(mark) is not { } line)
        {
            yield return new(ViolationKind.Stranger, $"{name} is of no published event.");
        }
        else if (line.Event.Digest != attempt.Digest)
        {
            yield return new(ViolationKind.ChangedBytes, $"{name} has other bytes than {mark} was published with.");
        }
    }

    private static IEnumerable<Violation> Among(ReceivedDelivery delivery)
    {
        var first = delivery.Attempts[0].Attempt;
        foreach (var (_, attempt) in delivery.Attempts.Skip(1))
        {
            if (attempt.Digest != first.Digest)
            {
                yield return new(ViolationKind.ChangedBytes, $"{delivery.Id} came with other bytes at attempt {attempt.Attempt}.");
            }

            if (attempt.Sequence != first.Sequence || attempt.Mark != first.Mark)
            {
                yield return new(
                    ViolationKind.ChangedIdentity,
                    $"{delivery.Id} was {first.Mark} with sequence {first.Sequence}, and then {attempt.Mark} with sequence {attempt.Sequence}.");
            }
        }
    }
}
