namespace Sealpost.Deliveries.Retention;

/// <summary>One small batch that retention has looked at.</summary>
/// <param name="Through">The last delivery that was looked at: the next batch begins behind it.</param>
/// <param name="Deliveries">Those that were removed.</param>
/// <param name="IsLast">Nothing older than the bound is behind it.</param>
internal readonly record struct ClearedBatch(long Through, int Deliveries, bool IsLast);

/// <summary>
/// What retention removes, in batches that hold the ledger up for some milliseconds at most. A crash costs the last of them, which are
/// removed again. Called by one thread at a time.
/// </summary>
/// <exception cref="Storage.StoreException">Any call may throw it.</exception>
internal interface IRetentionStore
{
    /// <summary>
    /// Removes the next deliveries that were accepted, and delivered or dead, before a time, with the notifications of which none is
    /// left. What is pending stays.
    /// </summary>
    ClearedBatch Clear(long after, DateTimeOffset overBefore);

    /// <summary>Removes what only told where removed deliveries stood: the next part. True: there is more.</summary>
    bool ClearEnds();

    /// <summary>Gives some unused space of the file back, where much is unused. True: there is more.</summary>
    bool GiveBack();
}
