namespace Sealpost.Deliveries.History;

/// <summary>All attempts of a delivery: what the log has, and the success that it leaves out or has not written yet.</summary>
internal sealed class AttemptHistory(IAttemptStore store, TimeProvider clock)
{
    public IReadOnlyList<LoggedAttempt> Of(ListedDelivery delivery)
    {
        var until = delivery.CompletedAt ?? clock.GetUtcNow();
        var logged = store.Read(delivery.Id, DayOf(delivery.AcceptedAt), DayOf(until));
        return Success(delivery) is { } success && !logged.Any(attempt => attempt.Number == success.Number && attempt.Status == success.Status)
            ? [.. logged, success]
            : logged;
    }

    /// <summary>
    /// The success, from the delivery's own row; null when there was none. The log does not hold one at the first attempt, but may hold
    /// earlier attempts all the same: of the time before the numbers started over.
    /// </summary>
    internal static LoggedAttempt? Success(ListedDelivery delivery)
    {
        if (delivery is not { State: DeliveryState.Delivered, CompletedAt: { } completedAt, LastDuration: { } duration })
        {
            return null;
        }

        return new LoggedAttempt
        {
            Delivery = delivery.Id,
            Number = delivery.Attempts,
            At = completedAt - duration,
            Duration = duration,
            Route = delivery.LastRoute,
            Status = delivery.LastStatus,
            Error = delivery.LastError,
        };
    }

    private static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
