using Microsoft.Data.Sqlite;
using Sealpost.Deliveries.Retention;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// Looks for what is over on a connection of its own, and removes it in small transactions that do not wait for the disk: the
/// ledger's next commit makes them durable.
/// </summary>
internal sealed class SqliteRetentionStore : IRetentionStore, IDisposable
{
    /// <summary>Rows and bytes of one batch: some two milliseconds.</summary>
    private const int RowsPerBatch = 150;

    private const int BytesPerBatch = 1 << 20;

    /// <summary>Rows that are looked at for one batch, where most stay.</summary>
    private const int RowsLookedAt = 5_000;

    private const int EndsPerBatch = 1_000;

    /// <summary>Free pages are used again. Only where they are more than this share of the file are they given back, a few at a time.</summary>
    private const int FreeShare = 4;

    private const int LeastFreePages = 2_048;
    private const int PagesGivenBack = 24;

    private readonly SqliteDatabase _database;
    private readonly DeliveryEnds _ends;
    private readonly SqliteConnection _reading;
    private readonly Statement _over;
    private readonly Statement _delivery;
    private readonly Statement _floor;
    private readonly NotificationRows _notifications;
    private LaneKey _lane = First;

    /// <param name="database">The store.</param>
    /// <param name="ends">Where chains begin.</param>
    public SqliteRetentionStore(SqliteDatabase database, DeliveryEnds ends)
    {
        (_database, _ends) = (database, ends);
        _reading = database.OpenRead();
        _over = new Statement(
            _reading.Handle!,
            "SELECT id, notification, bytes, state, coalesce(completed_at, accepted_at) FROM deliveries WHERE id>?1 AND id<?2 ORDER BY id");
        _delivery = new Statement(database.WriterHandle, "DELETE FROM deliveries WHERE id=?1 AND state>=2");
        _floor = RetainedFrom.Raise(database.WriterHandle);
        _notifications = new NotificationRows(database.WriterHandle);
    }

    private static LaneKey First => new(int.MinValue, long.MinValue);

    public ClearedBatch Clear(long after, DateTimeOffset overBefore)
    {
        var (over, through, isLast) = _database.Guard(() => Look(after, overBefore));
        return over.Count == 0 ? new ClearedBatch(through, 0, isLast) : new ClearedBatch(through, _database.WriteLater(_ => Remove(over)), isLast);
    }

    public bool ClearEnds()
    {
        var floor = RetainedFrom.Read(_reading.Handle!);
        var (lanes, last) = _database.Guard(() => GoneLanes(floor));
        if (lanes.Count > 0)
        {
            _database.WriteLater(connection =>
            {
                using var delete = new Statement(connection.Handle!, "DELETE FROM lane_ends WHERE install=?1 AND conversation_key=?2 AND delivery=?3");
                lanes.ForEach(lane => delete.Bind(1, lane.Key.Install).Bind(2, lane.Key.Conversation).Bind(3, lane.Delivery).Run());
                return true;
            });
        }

        _lane = last ?? First;
        return last is not null || ClearInstalls(floor);
    }

    public bool GiveBack()
    {
        var (free, all) = (Pragma("freelist_count"), Pragma("page_count"));
        if (free <= Math.Max(LeastFreePages, all / FreeShare))
        {
            return false;
        }

        _database.WriteLater(connection =>
        {
            using var vacuum = new Statement(connection.Handle!, $"PRAGMA incremental_vacuum({PagesGivenBack})");
            while (vacuum.Step())
            {
            }

            return true;
        });
        return Pragma("page_count") < all;
    }

    public void Dispose()
    {
        _over.Dispose();
        _delivery.Dispose();
        _floor.Dispose();
        _notifications.Dispose();
        _reading.Dispose();
    }

    private (List<(long Delivery, long Notification)> Over, long Through, bool IsLast) Look(long after, DateTimeOffset overBefore)
    {
        var over = new List<(long, long)>();
        var (looked, bytes, through) = (0, 0, after);
        _over.Bind(1, after).Bind(2, AcceptanceTimes.FirstIdAt(_reading, overBefore));
        while (_over.Step())
        {
            through = _over.Long(0);
            if (_over.Int(3) >= 2 && _over.Time(4) < overBefore)
            {
                over.Add((through, _over.Long(1)));
                bytes += _over.Int(2);
            }

            if (over.Count == RowsPerBatch || bytes >= BytesPerBatch || ++looked == RowsLookedAt)
            {
                _over.Reset();
                return (over, through, IsLast: false);
            }
        }

        return (over, through, IsLast: true);
    }

    private int Remove(List<(long Delivery, long Notification)> over)
    {
        var removed = 0;
        foreach (var (delivery, _) in over)
        {
            _delivery.Bind(1, delivery).Run();
            removed += raw.sqlite3_changes(_database.WriterHandle);
        }

        foreach (var notification in over.Select(row => row.Notification).Distinct())
        {
            _notifications.Delete(notification);
        }

        _floor.Bind(1, over[^1].Delivery + 1).Run();
        return removed;
    }

    // A lane that has anything left counts on. Where an install has pending ones below the floor, all of its lanes do: which of them
    // they are in is not looked up.
    private (List<(LaneKey Key, long Delivery)> Gone, LaneKey? Last) GoneLanes(long floor)
    {
        using var ends = new Statement(
            _reading.Handle!,
            """
            SELECT install, conversation_key, delivery FROM lane_ends WHERE (install, conversation_key)>(?1, ?2)
            ORDER BY install, conversation_key LIMIT ?3
            """);
        using var pending = new Statement(
            _reading.Handle!,
            """
            SELECT EXISTS (SELECT 1 FROM deliveries INDEXED BY deliveries_backlog WHERE install=?1 AND state=0 AND id<?2)
              OR EXISTS (SELECT 1 FROM deliveries INDEXED BY deliveries_waiting WHERE install=?1 AND state=1 AND id<?2)
            """);
        using var row = new Statement(_reading.Handle!, "SELECT 1 FROM deliveries WHERE id=?1");
        var gone = new List<(LaneKey, long)>();
        var owed = new Dictionary<int, bool>();
        LaneKey? last = null;
        var count = 0;
        ends.Bind(1, _lane.Install).Bind(2, _lane.Conversation).Bind(3, (long)EndsPerBatch);
        while (ends.Step())
        {
            var (lane, delivery) = (new LaneKey(ends.Int(0), ends.Long(1)), ends.Long(2));
            (last, count) = (lane, count + 1);
            if (delivery < floor && !IsOwed(lane.Install) && !Gives(row.Bind(1, delivery)))
            {
                gone.Add((lane, delivery));
            }
        }

        return (gone, count == EndsPerBatch ? last : null);

        bool IsOwed(int install)
        {
            if (!owed.TryGetValue(install, out var isOwed))
            {
                pending.Bind(1, install).Bind(2, floor).Step();
                owed[install] = isOwed = pending.Int(0) != 0;
                pending.Reset();
            }

            return isOwed;
        }
    }

    private static bool Gives(Statement query)
    {
        var gives = query.Step();
        query.Reset();
        return gives;
    }

    // True: marks below the floor are left.
    private bool ClearInstalls(long floor) => _database.WriteLater(connection =>
    {
        using var ends = new Statement(connection.Handle!, "DELETE FROM install_ends WHERE delivery<?1");
        ends.Bind(1, floor).Run();
        _ends.ForgetInstalls(floor);
        using var marks = new Statement(
            connection.Handle!, "DELETE FROM install_marks WHERE through=(SELECT through FROM install_marks ORDER BY through LIMIT 1) AND through<?1");
        marks.Bind(1, floor).Run();
        return raw.sqlite3_changes(connection.Handle!) > 0;
    });

    private long Pragma(string name) => _database.Guard(() =>
    {
        using var pragma = new Statement(_reading.Handle!, "PRAGMA " + name);
        pragma.Step();
        return pragma.Long(0);
    });
}
