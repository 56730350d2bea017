using Sealpost.Deliveries;
using Sealpost.Deliveries.Erasing;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// Empties rows and deletes bodies, overwriting them. A row stays as a link of its install's chain, without anything that was in it,
/// until retention takes it (ADR 16).
/// </summary>
/// <param name="database">The store.</param>
/// <param name="ends">Where chains begin.</param>
internal sealed class SqliteErasureStore(SqliteDatabase database, DeliveryEnds ends) : IErasureStore
{
    /// <summary>Bytes of bodies in one transaction: overwriting them holds the ledger up.</summary>
    private const int BytesPerWrite = 4 << 20;

    public (int Deliveries, int Notifications) Erase(IReadOnlyList<DeliveryId> deliveries)
    {
        var (erased, notifications) = (0, 0);
        for (var at = 0; at < deliveries.Count;)
        {
            var some = database.WriteErasing(connection => EraseSome(connection.Handle!, deliveries, ref at));
            (erased, notifications) = (erased + some.Deliveries, notifications + some.Notifications);
        }

        return (erased, notifications);
    }

    public bool EmptyLog() => database.EmptyLog();

    private (int Deliveries, int Notifications) EraseSome(sqlite3 db, IReadOnlyList<DeliveryId> deliveries, ref int at)
    {
        using var find = new Statement(db, "SELECT install, conversation_key, notification, bytes FROM deliveries WHERE id=?1 AND state IN (2, 3)");
        using var empty = new Statement(
            db,
            $"""
            UPDATE deliveries SET state={ListRow.Erased}, notification=0, conversation_key=0, sequence=0, event_type=0, bytes=0, attempts=0,
              due_at=NULL, duration=NULL, route=NULL, last_status=NULL, last_error=NULL, reason=NULL, replay_of=NULL
            WHERE id=?1
            """);
        using var end = new Statement(db, "DELETE FROM lane_ends WHERE install=?1 AND conversation_key=?2 AND delivery=?3");
        using var bodies = new NotificationRows(db);
        var (erased, bytes, notifications) = (0, 0, new HashSet<long>());
        for (; at < deliveries.Count && bytes < BytesPerWrite; at++)
        {
            var delivery = deliveries[at].Value;
            if (!find.Bind(1, delivery).Step())
            {
                continue;
            }

            var lane = new LaneKey(find.Int(0), find.Long(1));
            notifications.Add(find.Long(2));
            bytes += find.Int(3);
            find.Reset();
            empty.Bind(1, delivery).Run();
            end.Bind(1, lane.Install).Bind(2, lane.Conversation).Bind(3, delivery).Run();
            ends.Forget(lane, delivery);
            erased++;
        }

        return (erased, notifications.Count(bodies.Delete));
    }
}
