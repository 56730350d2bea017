using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>The floor in <c>meta</c>: from this id on retention has removed nothing, below it what is left is little and has gaps.</summary>
internal static class RetainedFrom
{
    private const string Key = "retained_from";

    public static long Read(sqlite3 db)
    {
        using var read = new Statement(db, $"SELECT value FROM meta WHERE key='{Key}'");
        return read.Step() ? read.Long(0) : 0;
    }

    /// <summary>The statement that raises it; takes the id.</summary>
    public static Statement Raise(sqlite3 db) => new(
        db, $"INSERT INTO meta(key, value) VALUES('{Key}', ?1) ON CONFLICT(key) DO UPDATE SET value=max(value, excluded.value)");
}
