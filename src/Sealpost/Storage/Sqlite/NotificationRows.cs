using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>Deletes notifications of which no delivery is left.</summary>
/// <param name="db">The writing connection.</param>
internal sealed class NotificationRows(sqlite3 db) : IDisposable
{
    // A notification's deliveries lie right behind it, those of replays anywhere.
    private readonly Statement _delete = new(
        db,
        """
        DELETE FROM notifications WHERE id=?1
          AND NOT EXISTS (
            SELECT 1 FROM deliveries WHERE id>?1 AND notification=?1
              AND id<coalesce((SELECT id FROM notifications WHERE id>?1 ORDER BY id LIMIT 1), 9223372036854775807))
          AND NOT EXISTS (SELECT 1 FROM deliveries INDEXED BY deliveries_replayed WHERE replay_of IS NOT NULL AND notification=?1)
        """);

    /// <summary>True: it was there, and is gone.</summary>
    public bool Delete(long notification)
    {
        _delete.Bind(1, notification).Run();
        return raw.sqlite3_changes(db) > 0;
    }

    public void Dispose() => _delete.Dispose();
}
