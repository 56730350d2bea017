using Sealpost.Retry;

namespace Sealpost.Outboxes;

/// <summary>What outboxes read back from the store. Each call is one read of a consistent state.</summary>
internal interface IBacklogStore
{
    /// <summary>All deliveries in their lanes, by install and in accepted order: at the start.</summary>
    void ReadPending(Action<int, BacklogRow> take);

    /// <summary>All retries by numbers that wait, with due time and bytes: at the start.</summary>
    void ReadWaiting(Action<DueRetry, DateTimeOffset, int> take);

    /// <summary>How installs stand that are not up: at the start.</summary>
    List<(int Install, Standing Standing)> ReadStandings();

    /// <summary>
    /// The oldest delivery of these event types that is the first pending one of its conversation; null when there is none.
    /// </summary>
    /// <param name="install">Whose.</param>
    /// <param name="eventTypes">The webhooks that it may go to.</param>
    /// <param name="except">Heads that are not wanted.</param>
    StoredDelivery? OldestHead(int install, IReadOnlyList<string> eventTypes, IReadOnlySet<long> except);

    /// <summary>At most <paramref name="limit"/> deliveries of an install in their lanes, accepted after <paramref name="afterId"/>.</summary>
    List<BacklogRow> ReadPage(int install, long afterId, int limit);

    /// <summary>Pending deliveries whole, by their ids, in any order; ids that are not pending are left out.</summary>
    List<StoredDelivery> Read(IReadOnlyCollection<long> ids);
}
