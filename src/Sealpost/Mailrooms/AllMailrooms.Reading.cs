using Sealpost.Outboxes;

namespace Sealpost.Mailrooms;

/// <content>What is to be read back from the store, and what becomes of it: the backlog reader's side.</content>
internal sealed partial class AllMailrooms
{
    /// <summary>Something to read back; null when nothing is wanted.</summary>
    public ReadRequest? NextRead()
    {
        lock (_lock)
        {
            return _desk.Reads.TryDequeue(out var request) ? request : null;
        }
    }

    /// <summary>The rows of a page whose bodies are worth reading.</summary>
    public List<long> Choose(PageRead page, IReadOnlyList<BacklogRow> rows, DateTimeOffset now)
    {
        lock (_lock)
        {
            return page.Outbox.Choose(page, rows, now);
        }
    }

    /// <summary>Takes a page that was read.</summary>
    public void Apply(
        PageRead page, IReadOnlyList<BacklogRow> rows, IReadOnlyDictionary<long, StoredDelivery> bodies, DateTimeOffset now)
    {
        lock (_lock)
        {
            page.Outbox.Apply(page, rows, bodies, now);
        }
    }

    /// <summary>Takes a lane's own deliveries that were read.</summary>
    public void Apply(LaneRead read, IReadOnlyList<StoredDelivery> deliveries, DateTimeOffset now)
    {
        lock (_lock)
        {
            read.Lane.Outbox.Apply(read, deliveries, now);
        }
    }

    /// <summary>Takes the heads that a round can probe with, by endpoint.</summary>
    public void Apply(ProbeRead read, IReadOnlyDictionary<string, StoredDelivery> heads, DateTimeOffset now)
    {
        lock (_lock)
        {
            read.Outbox.Apply(read, heads, now);
        }
    }

    /// <summary>Takes retries by numbers that are due and were read.</summary>
    public void Apply(DueRead read, IReadOnlyList<StoredDelivery> deliveries, DateTimeOffset now)
    {
        lock (_lock)
        {
            read.Outbox.Retries.Apply(read, deliveries, now);
        }
    }
}
