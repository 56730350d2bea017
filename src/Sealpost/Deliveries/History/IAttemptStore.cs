namespace Sealpost.Deliveries.History;

/// <summary>Keeps attempts by the UTC day on which they began, so that a day is forgotten as cheaply as a file. Best effort: a crash may cost the last ones.</summary>
/// <exception cref="Storage.StoreException">Any call may throw it.</exception>
internal interface IAttemptStore
{
    /// <summary>Called by one thread at a time.</summary>
    void Write(IReadOnlyList<LoggedAttempt> attempts);

    /// <summary>A delivery's attempts that began on these days, in their order. Any thread may ask.</summary>
    List<LoggedAttempt> Read(DeliveryId delivery, DateOnly first, DateOnly last);

    /// <summary>Removes the attempts of these deliveries for good, whatever their day: nothing of them is left in a file. Gives how many there were. Called by one thread at a time.</summary>
    int Erase(IReadOnlyCollection<DeliveryId> deliveries);

    /// <summary>Forgets the days before this one. Called by one thread at a time.</summary>
    void ForgetBefore(DateOnly day);
}
