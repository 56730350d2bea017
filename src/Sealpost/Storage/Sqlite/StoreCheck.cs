using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>Whether a database file of ours is whole: SQLite's quick check, which reads every page once.</summary>
internal static class StoreCheck
{
    /// <summary>Some milliseconds of work.</summary>
    private const int StepsBetweenQuestions = 100_000;

    /// <summary>Checks a file that nobody writes to.</summary>
    /// <exception cref="StoreException">It is damaged or cannot be read; the message says where it was seen first.</exception>
    public static void Whole(string path) => Whole(path, static () => true);

    /// <summary>Checks a file, a running service's too: it sees the last commit, and keeps the log from starting over meanwhile.</summary>
    /// <param name="path">The database.</param>
    /// <param name="mayGoOn">Asked again and again; false ends the check.</param>
    /// <returns>False: it was ended before.</returns>
    /// <exception cref="StoreException">It is damaged or cannot be read; the message says where it was seen first.</exception>
    public static bool Whole(string path, Func<bool> mayGoOn)
    {
        var ended = false;
        try
        {
            if (Ask(path, "PRAGMA quick_check(1)", Watch) is not "ok" and var found)
            {
                throw new StoreException(StoreFault.Corrupt, $"{path} is damaged: {found}");
            }

            return true;
        }
        catch (StoreException) when (ended)
        {
            return false;
        }

        void Watch(SqliteConnection connection) =>
            raw.sqlite3_progress_handler(connection.Handle!, StepsBetweenQuestions, _ => (ended = !mayGoOn()) ? 1 : 0, null);
    }

    /// <summary>The schema's number; 0: no migration of ours was made.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static int SchemaOf(string path) => Convert.ToInt32(Ask(path, "PRAGMA user_version"), CultureInfo.InvariantCulture);

    /// <summary>What the store remembers of its master key; null: nothing yet.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static byte[]? KeyCheckOf(string path) => Ask(path, "SELECT value FROM meta WHERE key = 'master_key_check'") as byte[];

    private static object? Ask(string path, string sql, Action<SqliteConnection>? prepare = null)
    {
        try
        {
            // Not read-only: whoever closes a database last puts its log away, and a reader could not.
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
            connection.Open();
            prepare?.Invoke(connection);
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar();
        }
        catch (SqliteException e)
        {
            throw SqliteFaults.Translate(e, path);
        }
    }
}
