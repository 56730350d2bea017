using Microsoft.Data.Sqlite;
using Sealpost.Outboxes;
using Sealpost.Retry;

namespace Sealpost.Storage.Sqlite;

/// <summary>Reads deliveries back, on a connection of the reader's own.</summary>
/// <remarks>Not thread-safe: the backlog reader's own, and at the start whoever loads.</remarks>
internal sealed class SqliteBacklogStore : IBacklogStore, IDisposable
{
    private const string WholeDelivery =
        """
        SELECT d.id, d.install, d.conversation_key, n.conversation, d.sequence, d.event_type, d.accepted_at, d.attempts, d.due_at, n.body, d.replay_of
        FROM deliveries d JOIN notifications n ON n.id=d.notification
        """;

    private readonly SqliteDatabase _database;
    private readonly EventTypeNumbers _eventTypes;
    private readonly SqliteConnection _reading;
    private readonly Statement _page;
    private readonly Statement _one;
    private readonly Statement _heads;

    public SqliteBacklogStore(SqliteDatabase database, EventTypeNumbers eventTypes)
    {
        _database = database;
        _eventTypes = eventTypes;
        _reading = database.OpenRead();
        _page = new Statement(
            _reading.Handle!,
            """
            SELECT id, conversation_key, sequence, event_type, bytes, accepted_at FROM deliveries INDEXED BY deliveries_backlog
            WHERE install=?1 AND id>?2 AND state=0 ORDER BY id LIMIT ?3
            """);
        _one = new Statement(_reading.Handle!, WholeDelivery + " WHERE d.id=?1 AND d.state<2");
        _heads = new Statement(
            _reading.Handle!,
            """
            SELECT id, conversation_key, event_type FROM deliveries INDEXED BY deliveries_backlog WHERE install=?1 AND state=0 ORDER BY id
            """);
    }

    public List<(int Install, Standing Standing)> ReadStandings() => _database.Guard(() => StandingRows.Read(_reading.Handle!));

    public void ReadPending(Action<int, BacklogRow> take) => _database.Guard(() =>
    {
        using var all = new Statement(
            _reading.Handle!,
            """
            SELECT id, conversation_key, sequence, event_type, bytes, accepted_at, install FROM deliveries INDEXED BY deliveries_backlog
            WHERE state=0 ORDER BY install, id
            """);
        while (all.Step())
        {
            take(all.Int(6), Row(all));
        }
    });

    public void ReadWaiting(Action<DueRetry, DateTimeOffset, int> take) => _database.Guard(() =>
    {
        using var all = new Statement(
            _reading.Handle!, "SELECT id, install, attempts, due_at, bytes FROM deliveries INDEXED BY deliveries_waiting WHERE state=1");
        while (all.Step())
        {
            take(new DueRetry(all.Long(0), all.Int(1), all.Int(2)), all.Time(3), all.Int(4));
        }
    });

    public List<BacklogRow> ReadPage(int install, long afterId, int limit) => _database.Guard(() =>
    {
        var rows = new List<BacklogRow>(limit);
        _page.Bind(1, install).Bind(2, afterId).Bind(3, (long)limit);
        while (_page.Step())
        {
            rows.Add(Row(_page));
        }

        return rows;
    });

    public List<StoredDelivery> Read(IReadOnlyCollection<long> ids) => _database.Guard(() =>
    {
        var deliveries = new List<StoredDelivery>(ids.Count);
        foreach (var id in ids)
        {
            if (_one.Bind(1, id).Step())
            {
                deliveries.Add(Delivery(_one));
                _one.Reset();
            }
        }

        return deliveries;
    });

    public StoredDelivery? OldestHead(int install, IReadOnlyList<string> eventTypes, IReadOnlySet<long> except)
    {
        var types = eventTypes.Select(_eventTypes.Find).OfType<int>().ToHashSet();
        var oldest = types.Count == 0 ? null : _database.Guard(() => OldestHead(install, types, except));
        return oldest is { } id ? Read([id]).FirstOrDefault() : null;
    }

    /// <summary>The age of the oldest delivery in a lane; zero when there is none. Any thread may ask.</summary>
    public TimeSpan OldestAge(DateTimeOffset now) => _database.Read(connection =>
    {
        using var oldest = new Statement(
            connection.Handle!,
            """
            SELECT min(d.accepted_at) FROM installs i JOIN deliveries d ON d.id =
              (SELECT min(id) FROM deliveries INDEXED BY deliveries_backlog WHERE install=i.number AND state=0)
            """);
        return oldest.Step() && !oldest.IsNull(0) && oldest.Time(0) < now ? now - oldest.Time(0) : TimeSpan.Zero;
    });

    /// <summary>When the oldest pending delivery of an install was accepted; null when none is. Any thread may ask.</summary>
    public DateTimeOffset? OldestOf(int install) => _database.Read<DateTimeOffset?>(connection =>
    {
        using var oldest = new Statement(
            connection.Handle!,
            """
            SELECT min(accepted_at) FROM deliveries WHERE id IN (
              SELECT min(id) FROM deliveries INDEXED BY deliveries_backlog WHERE install=?1 AND state=0
              UNION ALL
              SELECT min(id) FROM deliveries INDEXED BY deliveries_waiting WHERE install=?1 AND state=1)
            """);
        return oldest.Bind(1, install).Step() && !oldest.IsNull(0) ? oldest.Time(0) : null;
    });

    public void Dispose()
    {
        _page.Dispose();
        _one.Dispose();
        _heads.Dispose();
        _reading.Dispose();
    }

    // In accepted order the first row of a conversation is its head. Mostly the first row of all is the one; only an endpoint
    // that no head is addressed to is looked for through the whole backlog.
    private long? OldestHead(int install, HashSet<int> eventTypes, IReadOnlySet<long> except)
    {
        long? oldest = null;
        var seen = new HashSet<long>();
        _heads.Bind(1, install);
        while (oldest is null && _heads.Step())
        {
            var isHead = seen.Add(_heads.Long(1));
            oldest = isHead && eventTypes.Contains(_heads.Int(2)) && !except.Contains(_heads.Long(0)) ? _heads.Long(0) : null;
        }

        _heads.Reset();
        return oldest;
    }

    private BacklogRow Row(Statement row) =>
        new(row.Long(0), row.Long(1), row.Long(2), _eventTypes.NameOf(row.Int(3)), row.Int(4), row.Time(5));

    private StoredDelivery Delivery(Statement row) => new()
    {
        Id = row.Long(0),
        Install = row.Int(1),
        ConversationKey = row.Long(2),
        Conversation = row.Text(3),
        Sequence = row.Long(4),
        EventType = _eventTypes.NameOf(row.Int(5)),
        AcceptedAt = row.Time(6),
        Attempts = row.Int(7),
        DueAt = row.IsNull(8) ? null : row.Time(8),
        Body = row.Blob(9).ToArray(),
        ReplayOf = row.Long(10),
    };
}
