namespace Sealpost.Deliveries;

/// <summary>
/// Looks deliveries up. Each call reads one consistent state, sees the last commit and holds nobody up. Thread-safe. Accounts
/// are named by the store's own number: a new account under an old id sees nothing of the former one.
/// </summary>
/// <exception cref="Storage.StoreException">Any call may throw it.</exception>
internal interface IDeliveryStore
{
    /// <summary>The account's deliveries that pass the filter, newest first; those of deleted installs too.</summary>
    DeliveryPage List(int account, DeliveryFilter filter);

    /// <summary>Null when the account has no such delivery.</summary>
    WholeDelivery? Find(int account, DeliveryId id);

    /// <summary>The first delivery in a lane, from a sequence on, that is neither delivered nor dead; null when there is none.</summary>
    DeliveryId? FirstPending(int install, long conversationKey, long fromSequence);
}
