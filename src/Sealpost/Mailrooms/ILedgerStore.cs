using Sealpost.Outboxes;

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

    /// <summary>Writes all of the batch in one durable transaction, or nothing of it.</summary>
    void Commit(LedgerBatch batch);

    /// <summary>A small durable write: does the store have room again?</summary>
    void Probe();

    /// <summary>The removals that are not through, of all installs or of one. The one call that any thread may make.</summary>
    List<Removal> Removals(int? install = null);

    /// <summary>Marks at most <paramref name="limit"/> more deliveries of a removal dead; the removal ends with the last.</summary>
    List<RemovedDelivery> Remove(Removal removal, DateTimeOffset now, int limit);

    /// <summary>Puts an install's waiting retries back into their lanes; optionally as if none of its deliveries had been attempted.</summary>
    List<BacklogRow> ReturnWaiting(int install, bool forgetAttempts);

    /// <summary>Deletes at most <paramref name="limit"/> expired answers of idempotency keys.</summary>
    int ForgetAnswers(DateTimeOffset now, int limit);
}
