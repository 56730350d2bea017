namespace Sealpost.Storage.Sqlite;

/// <summary>The smallest write that reaches the disk: one page through the log and its fsync.</summary>
internal static class SqliteProbe
{
    /// <exception cref="StoreException">The store does not take writes.</exception>
    public static void Write(SqliteDatabase database) => database.Write(static connection =>
    {
        using var command = connection.CreateCommand();

        // "Seal" in ASCII: what file(1) tells a store of ours by.
        command.CommandText = "PRAGMA application_id=0x5365616c";
        command.ExecuteNonQuery();
    });
}
