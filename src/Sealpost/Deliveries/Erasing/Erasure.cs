using Sealpost.Deliveries.History;

namespace Sealpost.Deliveries.Erasing;

/// <summary>Drops the pending deliveries of a lane between two, both included; ends when none of them is pending any more.</summary>
internal delegate Task DropLane(int install, long conversationKey, DeliveryId first, DeliveryId last);

/// <summary>What was removed.</summary>
/// <param name="Deliveries">All of the conversation.</param>
/// <param name="Notifications">Their bodies.</param>
/// <param name="Attempts">Attempts in the log; successes at the first attempt are not in it.</param>
/// <param name="Dropped">Deliveries that were pending and were given up.</param>
internal readonly record struct Erased(int Deliveries, int Notifications, int Attempts, int Dropped);

/// <summary>
/// Erases a conversation: (1) drops what is pending, (2) finds all of it, (3) erases attempts, then rows and bodies, (4) empties the
/// store's log. What is accepted meanwhile may stay. Called again after a failure, it goes on with what is left.
/// </summary>
internal sealed class Erasure(IDeliveryStore deliveries, IErasureStore store, DropLane drop, AttemptLog attempts, TimeProvider clock)
{
    /// <summary>An attempt in flight ends within connect and response timeout.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LogPause = TimeSpan.FromMilliseconds(50);
    private const int LogTries = 200;
    private const int RowsPerWrite = 200;

    /// <summary>Null: something of it is still in flight, and nothing was erased.</summary>
    /// <param name="account">Whose conversation.</param>
    /// <param name="conversation">Its name.</param>
    /// <param name="cancellation">The caller has gone: what is begun is not finished.</param>
    public async Task<Erased?> EraseAsync(int account, string conversation, CancellationToken cancellation)
    {
        // Newest first: the last one seen of a lane is its oldest.
        var (known, lanes) = (new HashSet<DeliveryId>(), new Dictionary<(int Install, long Key), (DeliveryId First, DeliveryId Last)>());
        foreach (var delivery in Find(account, new DeliveryFilter { Conversation = conversation, State = PublicState.Pending }))
        {
            known.Add(delivery.Id);
            var lane = (delivery.Install, delivery.ConversationKey);
            lanes[lane] = (delivery.Id, lanes.TryGetValue(lane, out var range) ? range.Last : delivery.Id);
        }

        if (!await EndAsync([.. lanes.Select(lane => drop(lane.Key.Install, lane.Key.Key, lane.Value.First, lane.Value.Last))], cancellation))
        {
            return null;
        }

        var (ids, dropped) = (new List<DeliveryId>(), 0);
        foreach (var delivery in Find(account, new DeliveryFilter { Conversation = conversation }))
        {
            ids.Add(delivery.Id);
            dropped += delivery.PublicState == PublicState.Dead && known.Contains(delivery.Id) ? 1 : 0;
        }

        var logged = ids.Count == 0 ? 0 : await attempts.EraseAsync(ids).WaitAsync(cancellation);
        var (rows, bodies) = (0, 0);
        foreach (var some in ids.Chunk(RowsPerWrite))
        {
            cancellation.ThrowIfCancellationRequested();
            var (erased, notifications) = store.Erase(some);
            (rows, bodies) = (rows + erased, bodies + notifications);
        }

        await EmptyLogAsync(cancellation);
        return new Erased(rows, bodies, logged, dropped);
    }

    private async Task<bool> EndAsync(IReadOnlyList<Task> drops, CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(drops).WaitAsync(Patience, clock, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private IEnumerable<ListedDelivery> Find(int account, DeliveryFilter filter)
    {
        DeliveryPage page;
        for (ListPosition? before = null; ; before = page.Next)
        {
            page = deliveries.List(account, filter with { Limit = DeliveryFilter.MaxLimit, Before = before });
            foreach (var delivery in page.Items)
            {
                yield return delivery;
            }

            if (!page.HasMore)
            {
                yield break;
            }
        }
    }

    private async Task EmptyLogAsync(CancellationToken cancellation)
    {
        for (var left = LogTries; !store.EmptyLog(); left--)
        {
            if (left == 0)
            {
                throw new Storage.StoreException(Storage.StoreFault.InUse, "the store's log could not be emptied: somebody reads all the time");
            }

            await Task.Delay(LogPause, clock, cancellation);
        }
    }
}
