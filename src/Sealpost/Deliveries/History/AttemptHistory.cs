namespace Sealpost.Deliveries.History;

/// <summary>All attempts of a delivery: what the log has, and the success at the first attempt that it leaves out.</summary>
internal sealed class AttemptHistory(IAttemptStore store, TimeProvider clock)
{
    public IReadOnlyList<LoggedAttempt> Of(ListedDelivery delivery)
    {
        var until = delivery.CompletedAt ?? clock.GetUtcNow();
        var logged = store.Read(delivery.Id, DayOf(delivery.AcceptedAt), DayOf(until));
        return OnlyAttempt(delivery) is { } only ? [.. logged, only] : logged;
    }

    /// <summary>
    /// The success at the first attempt, from the delivery's own row; null when it was none. The log may hold earlier attempts
    /// all the same: of the time before the numbers started over.
    /// </summary>
    internal static LoggedAttempt? OnlyAttempt(ListedDelivery delivery)
    {
        if (delivery is not { State: DeliveryState.Delivered, Attempts: 1, CompletedAt: { } completedAt, LastDuration: { } duration })
        {
            return null;
        }

        return new LoggedAttempt
        {
            Delivery = delivery.Id,
            Number = 1,
            At = completedAt - duration,
            Duration = duration,
            Route = delivery.LastRoute,
            Status = delivery.LastStatus,
            Error = delivery.LastError,
        };
    }

    private static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
