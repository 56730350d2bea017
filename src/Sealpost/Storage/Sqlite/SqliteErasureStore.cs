using Sealpost.Deliveries;
using Sealpost.Deliveries.Erasing;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// Empties rows and deletes bodies, overwriting them. A row stays as a link of its install's chain, without anything that was in it,
/// until retention takes it (ADR 16).
/// </summary>
/// <param name="database">The store.</param>
/// <param name="ends">Where chains begin.</param>
internal sealed class SqliteErasureStore(SqliteDatabase database, DeliveryEnds ends) : IErasureStore
{
    public (int Deliveries, int Notifications) Erase(IReadOnlyList<DeliveryId> deliveries) => database.WriteErasing(connection =>
    {
        var db = connection.Handle!;
        using var find = new Statement(db, "SELECT install, conversation_key, notification FROM deliveries WHERE id=?1 AND state IN (2, 3)");
        using var empty = new Statement(
            db,
            $"""
            UPDATE deliveries SET state={ListRow.Erased}, notification=0, conversation_key=0, sequence=0, event_type=0, bytes=0, attempts=0,
              due_at=NULL, duration=NULL, route=NULL, last_status=NULL, last_error=NULL, reason=NULL, replay_of=NULL
            WHERE id=?1
            """);
        using var end = new Statement(db, "DELETE FROM lane_ends WHERE install=?1 AND conversation_key=?2 AND delivery=?3");
        using var bodies = new NotificationRows(db);
        var (erased, notifications) = (0, new HashSet<long>());
        foreach (var delivery in deliveries)
        {
            if (!find.Bind(1, delivery.Value).Step())
            {
                continue;
            }

            var lane = new LaneKey(find.Int(0), find.Long(1));
            notifications.Add(find.Long(2));
            find.Reset();
            empty.Bind(1, delivery.Value).Run();
            end.Bind(1, lane.Install).Bind(2, lane.Conversation).Bind(3, delivery.Value).Run();
            ends.Forget(lane, delivery.Value);
            erased++;
        }

        return (erased, notifications.Count(bodies.Delete));
    });

    public bool EmptyLog() => database.EmptyLog();
}
