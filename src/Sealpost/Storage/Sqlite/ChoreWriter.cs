using System.Globalization;
using Sealpost.Outboxes;
using Sealpost.Retry;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>The rarer writes of the ledger's thread, each inside a transaction of its own.</summary>
internal sealed class ChoreWriter(sqlite3 db, EventTypeNumbers eventTypes) : IDisposable
{
    private const int InLane = 0;
    private const int Waiting = 1;

    private readonly Statement _probe = new(
        db, "INSERT INTO meta(key, value) VALUES('probe', randomblob(65536)) ON CONFLICT(key) DO UPDATE SET value=excluded.value");

    private readonly Statement _forgetAnswers = new(
        db,
        """
        DELETE FROM idempotency WHERE (account, key) IN
          (SELECT account, key FROM idempotency INDEXED BY idempotency_expiry WHERE expires_at<=?1 LIMIT ?2)
        """);

    private readonly Statement _returnWaiting = new(
        db,
        """
        UPDATE deliveries SET state=0, due_at=iif(?3, due_at, NULL)
        WHERE id IN (SELECT id FROM deliveries INDEXED BY deliveries_waiting WHERE install=?1 AND state=1 ORDER BY id LIMIT ?2)
        RETURNING id, conversation_key, sequence, event_type, bytes, accepted_at
        """);

    private readonly Statement _oldestInLane = new(db, OldestSql(InLane, "deliveries_backlog"));
    private readonly Statement _oldestWaiting = new(db, OldestSql(Waiting, "deliveries_waiting"));

    private readonly Statement _expire = new(
        db, "UPDATE deliveries SET state=3, due_at=NULL, completed_at=?2, reason=?3 WHERE id=?1");

    private readonly Statement _endRemoval = new(
        db, "DELETE FROM removals WHERE install=?1 AND event_type IS ?2 AND from_id=?4 AND through_id=?3 AND conversation_key IS ?5");

    private readonly Statement _removeInLane = new(db, RemoveSql(InLane));
    private readonly Statement _removeWaiting = new(db, RemoveSql(Waiting));

    public long ReadOrMakeSeed(byte[] seed)
    {
        using var make = new Statement(db, "INSERT INTO meta(key, value) VALUES('conversation_seed', ?1) ON CONFLICT(key) DO NOTHING");
        make.Bind(1, seed).Run();
        using var read = new Statement(db, "SELECT value FROM meta WHERE key='conversation_seed'");
        read.Step();
        return BitConverter.ToInt64(read.Blob(0));
    }

    /// <summary>Large enough to need pages that a full disk does not have.</summary>
    public void Probe() => _probe.Run();

    public int ForgetAnswers(DateTimeOffset now, int limit)
    {
        _forgetAnswers.Bind(1, now).Bind(2, (long)limit).Run();
        return raw.sqlite3_changes(db);
    }

    public List<BacklogRow> ReturnWaiting(int install, bool keepDue, int limit)
    {
        var returned = new List<BacklogRow>();
        _returnWaiting.Bind(1, install).Bind(2, (long)limit).Bind(3, keepDue ? 1L : 0L);
        while (_returnWaiting.Step())
        {
            returned.Add(new BacklogRow(
                _returnWaiting.Long(0),
                _returnWaiting.Long(1),
                _returnWaiting.Long(2),
                eventTypes.NameOf(_returnWaiting.Int(3)),
                _returnWaiting.Int(4),
                _returnWaiting.Time(5)));
        }

        return returned;
    }

    /// <summary>Marks the next deliveries dead: first those in their lanes, then those beside them.</summary>
    public List<RemovedDelivery> Remove(Removal removal, DateTimeOffset now, int limit)
    {
        var removed = new List<RemovedDelivery>();
        long? eventType = removal.EventType is { } name ? eventTypes.NumberOf(name) : null;
        Mark(_removeInLane, wasInLane: true);
        if (removed.Count < limit)
        {
            Mark(_removeWaiting, wasInLane: false);
        }

        if (removed.Count < limit)
        {
            _endRemoval.Bind(1, removal.Install).Bind(2, eventType).Bind(3, removal.ThroughId).Bind(4, removal.FromId)
                .Bind(5, removal.ConversationKey).Run();
        }

        return removed;

        void Mark(Statement statement, bool wasInLane)
        {
            statement.Bind(1, removal.Install).Bind(2, eventType).Bind(3, removal.ThroughId).Bind(4, now).Bind(5, (long)(limit - removed.Count))
                .Bind(6, removal.FromId).Bind(7, removal.Reason.ToWire()).Bind(8, removal.ConversationKey);
            while (statement.Step())
            {
                removed.Add(Removed(statement, removal.Install, wasInLane));
            }
        }
    }

    /// <summary>Marks the oldest dead, up to the first that is not old enough: what comes behind it is younger.</summary>
    public SweptBatch Expire(
        int install, DateTimeOffset acceptedThrough, DeadReason reason, IReadOnlySet<long> except, DateTimeOffset now, int limit)
    {
        var dead = new List<RemovedDelivery>();
        DateTimeOffset? oldestLeft = null;
        Take(_oldestInLane, wasInLane: true);
        Take(_oldestWaiting, wasInLane: false);
        foreach (var delivery in dead)
        {
            _expire.Bind(1, delivery.Delivery).Bind(2, now).Bind(3, reason.ToWire()).Run();
        }

        return new SweptBatch(dead, oldestLeft, IsFull: dead.Count == limit);

        void Take(Statement oldest, bool wasInLane)
        {
            oldest.Bind(1, install);
            while (dead.Count < limit && oldest.Step())
            {
                var acceptedAt = oldest.Time(4);
                if (except.Contains(oldest.Long(0)))
                {
                    continue;
                }

                if (acceptedAt > acceptedThrough)
                {
                    oldestLeft = oldestLeft < acceptedAt ? oldestLeft : acceptedAt;
                    break;
                }

                dead.Add(Removed(oldest, install, wasInLane));
            }

            oldest.Reset();
        }
    }

    public void Dispose()
    {
        _probe.Dispose();
        _forgetAnswers.Dispose();
        _returnWaiting.Dispose();
        _endRemoval.Dispose();
        _oldestInLane.Dispose();
        _oldestWaiting.Dispose();
        _expire.Dispose();
        _removeInLane.Dispose();
        _removeWaiting.Dispose();
    }

    private static string RemoveSql(int state) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        UPDATE deliveries SET state=3, due_at=NULL, completed_at=?4, reason=?7
        WHERE id IN (
          SELECT id FROM deliveries
          WHERE install=?1 AND state={state} AND id>=?6 AND id<=?3 AND (?2 IS NULL OR event_type=?2)
            AND (?8 IS NULL OR conversation_key=?8)
          ORDER BY id LIMIT ?5)
        RETURNING id, conversation_key, sequence, bytes
        """);

    private static string OldestSql(int state, string index) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT id, conversation_key, sequence, bytes, accepted_at FROM deliveries INDEXED BY {index}
        WHERE install=?1 AND state={state} ORDER BY id
        """);

    private static RemovedDelivery Removed(Statement row, int install, bool wasInLane) =>
        new(row.Long(0), install, row.Long(1), row.Long(2), row.Int(3), wasInLane);
}
