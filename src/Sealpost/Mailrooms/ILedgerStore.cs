using Sealpost.Outboxes;
using Sealpost.Retry;

namespace Sealpost.Mailrooms;

/// <summary>What the ledger writes and looks up. Called by the ledger's thread alone.</summary>
/// <exception cref="Storage.StoreException">Any call may throw it.</exception>
internal interface ILedgerStore
{
    /// <summary>Random for each store: the seed of conversation keys.</summary>
    long ConversationSeed { get; }

    /// <summary>The highest id given so far; 0 in a new store.</summary>
    long LastId();

    /// <summary>The number of an event type; a new one is made durable first.</summary>
    int EventTypeNumber(string name);

    /// <summary>The last sequence of a conversation of an install among what the store keeps; 0 when it keeps none.</summary>
    long LastSequence(int install, long conversationKey);

    /// <summary>What was answered under a key that has not expired; null otherwise.</summary>
    StoredAnswer? FindAnswer(int account, string key, DateTimeOffset now);

    /// <summary>
    /// A delivery of an install that is over, so that it can be replayed; null when it is pending, not kept any more, or its bytes
    /// were erased.
    /// </summary>
    ReplayableDelivery? FindReplayable(int install, long delivery);

    /// <summary>Writes all of the batch in one durable transaction, or nothing of it.</summary>
    void Commit(LedgerBatch batch);

    /// <summary>A small durable write: does the store have room again?</summary>
    void Probe();

    /// <summary>The removals that are not through, of all installs or of one. Any thread may call it.</summary>
    List<Removal> Removals(int? install = null);

    /// <summary>Marks at most <paramref name="limit"/> more deliveries of a removal dead; the removal ends with the last.</summary>
    List<RemovedDelivery> Remove(Removal removal, DateTimeOffset now, int limit);

    /// <summary>Keeps the removal of one delivery, or of a lane's. False: the one is not pending any more. Any thread may call it.</summary>
    bool AddRemoval(Removal removal);

    /// <summary>Puts at most <paramref name="limit"/> of an install's waiting retries back into their lanes.</summary>
    /// <param name="install">Whose.</param>
    /// <param name="keepDue">They keep their due times, and so count as failed by time to live from now on.</param>
    /// <param name="limit">Rows at most.</param>
    List<BacklogRow> ReturnWaiting(int install, bool keepDue, int limit);

    /// <summary>
    /// Marks at most <paramref name="limit"/> pending deliveries of an install dead, oldest first: those that a sweep takes, up to
    /// the first that was accepted later.
    /// </summary>
    SweptBatch Expire(int install, DateTimeOffset acceptedThrough, DeadReason reason, IReadOnlySet<long> except, DateTimeOffset now, int limit);

    /// <summary>Deletes at most <paramref name="limit"/> expired answers of idempotency keys.</summary>
    int ForgetAnswers(DateTimeOffset now, int limit);
}
