namespace Sealpost.Testing.Journal;

/// <summary>What must have become of each publish request's events, by its outcome.</summary>
internal static class RequestRules
{
    public static IEnumerable<Violation> Check(DeliveryHistory history, HistoryIndex index)
    {
        foreach (var request in history.Requests)
        {
            var owed = (from e in request.Events from i in history.Installs select (e.Mark, Install: i)).ToList();
            var found = owed.SelectMany(o => Twice(o.Mark, o.Install, index)).Concat(ByOutcome(request, owed, index));
            if (request.AnswersDiffer)
            {
                found = found.Append(new(
                    ViolationKind.AnswersDiffer, $"Request {request.Number} was answered with different ids for the same idempotency key."));
            }

            foreach (var violation in found)
            {
                yield return violation;
            }
        }
    }

    private static IEnumerable<Violation> ByOutcome(
        PublishRequest request, List<(EventMark Mark, SubscribedInstall Install)> owed, HistoryIndex index)
    {
        if (request.Outcome is PublishOutcome.Unknown)
        {
            return Partial(request, owed, index);
        }

        return request.Outcome is PublishOutcome.Ok
            ? owed.SelectMany(o => Lost(request, o.Mark, o.Install, index))
            : owed.SelectMany(o => Refused(request, o.Mark, o.Install, index));
    }

    private static IEnumerable<Violation> Lost(PublishRequest request, EventMark mark, SubscribedInstall install, HistoryIndex index)
    {
        var attempts = index.DeliveriesOf(install.ClientId, mark).SelectMany(d => d.Attempts).ToList();
        var givenUp = install.MaxRetries is { } retries && attempts.Count > retries;
        if (!givenUp && !attempts.Exists(a => a.Attempt.Succeeded))
        {
            yield return new(
                ViolationKind.Lost,
                $"Request {request.Number} was accepted, but {mark} never succeeded at install {install.ClientId} ({attempts.Count} attempts).");
        }
    }

    private static IEnumerable<Violation> Refused(PublishRequest request, EventMark mark, SubscribedInstall install, HistoryIndex index)
    {
        if (index.DeliveriesOf(install.ClientId, mark).Count > 0)
        {
            yield return new(
                ViolationKind.RefusedYetDelivered, $"Request {request.Number} was refused, but {mark} came to install {install.ClientId}.");
        }
    }

    private static IEnumerable<Violation> Partial(
        PublishRequest request, List<(EventMark Mark, SubscribedInstall Install)> owed, HistoryIndex index)
    {
        var came = owed.Count(o => index.DeliveriesOf(o.Install.ClientId, o.Mark).Count > 0);
        if (came > 0 && came < owed.Count)
        {
            yield return new(
                ViolationKind.Partial, $"Request {request.Number} was not answered, and {came} of its {owed.Count} deliveries came.");
        }
    }

    private static IEnumerable<Violation> Twice(EventMark mark, SubscribedInstall install, HistoryIndex index)
    {
        var deliveries = index.DeliveriesOf(install.ClientId, mark);
        if (deliveries.Count > 1)
        {
            yield return new(
                ViolationKind.AcceptedTwice,
                $"{mark} came to install {install.ClientId} as {string.Join(" and as ", deliveries.Select(d => d.Id))}.");
        }
    }
}
