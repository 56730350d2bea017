namespace Sealpost.Deliveries.Erasing;

/// <summary>Erases what is stored of deliveries.</summary>
/// <exception cref="Storage.StoreException">Any call may throw it.</exception>
internal interface IErasureStore
{
    /// <summary>
    /// Erases deliveries that are delivered or dead, and the notifications of which none else is left: content and bodies are
    /// overwritten. Pending ones stay.
    /// </summary>
    (int Deliveries, int Notifications) Erase(IReadOnlyList<DeliveryId> deliveries);

    /// <summary>Removes what was written before from the store's log as well. False: somebody reads there; try again.</summary>
    bool EmptyLog();
}
