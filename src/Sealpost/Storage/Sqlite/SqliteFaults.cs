using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>SQLite's result codes as the store's faults.</summary>
internal static class SqliteFaults
{
    public static StoreException Translate(SqliteException e, string path) =>
        new(FaultOf(e.SqliteErrorCode), $"{path}: {e.Message}", e);

    /// <summary>The exception for a result code of the hot path's own statements.</summary>
    public static SqliteException Exception(sqlite3 db, int code) =>
        new(raw.sqlite3_errmsg(db).utf8_to_string(), code & 0xff, code);

    private static StoreFault FaultOf(int code) => code switch
    {
        raw.SQLITE_FULL => StoreFault.Full,
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => StoreFault.Corrupt,
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => StoreFault.InUse,
        _ => StoreFault.Broken,
    };
}
