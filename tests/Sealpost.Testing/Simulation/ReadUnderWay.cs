using Sealpost.Mailrooms;
using Sealpost.Outboxes;

namespace Sealpost.Testing.Simulation;

/// <summary>One request of the backlog's reader, taken in the steps between which the rest of the engine goes on.</summary>
internal sealed class ReadUnderWay(ReadRequest request)
{
    private List<BacklogRow>? _rows;
    private List<StoredDelivery>? _bodies;
    private Dictionary<string, StoredDelivery>? _heads;

    /// <summary>The next step. True: the rows are with the mailrooms, the request is done.</summary>
    public bool Go(AllMailrooms mailrooms, SimulatedStore store, DateTimeOffset now)
    {
        switch (request)
        {
            case PageRead page when _rows is null:
                _rows = store.ReadPage(page.Outbox.Install.Number, page.AfterId, page.Rows);
                return false;
            case PageRead page when _bodies is null:
                _bodies = store.Read(mailrooms.Choose(page, _rows, now));
                return false;
            case PageRead page:
                mailrooms.Apply(page, _rows, _bodies.ToDictionary(delivery => delivery.Id), now);
                return true;
            case LaneRead lane when _bodies is null:
                _bodies = store.Read(lane.Deliveries);
                return false;
            case LaneRead lane:
                mailrooms.Apply(lane, _bodies, now);
                return true;
            case ProbeRead probes when _heads is null:
                _heads = probes.Wishes
                    .Select(wish => (wish.Endpoint, Head: store.OldestHead(probes.Outbox.Install.Number, wish.EventTypes, probes.Except)))
                    .Where(found => found.Head is not null).ToDictionary(found => found.Endpoint, found => found.Head!, StringComparer.Ordinal);
                return false;
            case ProbeRead probes:
                mailrooms.Apply(probes, _heads, now);
                return true;
            case DueRead due when _bodies is null:
                _bodies = store.Read([.. due.Due.Select(retry => retry.Delivery)]);
                return false;
            case DueRead due:
                mailrooms.Apply(due, _bodies, now);
                return true;
            default:
                throw new InvalidOperationException($"no such read: {request.GetType().Name}");
        }
    }
}
