using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// The nonces' own database file, written without waiting for the disk: what a commit wrote is in the system's memory, so it outlives a
/// killed process, but not a power cut. So a file of before the machine's present boot, or a damaged one, is not believed: it is made
/// anew, and says from when on it knows every nonce.
/// </summary>
internal sealed class NonceFile : IDisposable
{
    /// <summary>Some 4 MB of log before it is copied into the file.</summary>
    private const int CheckpointPages = 1000;

    // Of this machine's boot; where the system has none, each start counts as a boot.
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private readonly SqliteConnection _connection;

    private NonceFile(SqliteConnection connection, DateTimeOffset knownSince) => (_connection, KnownSince) = (connection, knownSince);

    /// <summary>Every nonce that was taken since then is in the file, or was forgotten for its age.</summary>
    public DateTimeOffset KnownSince { get; }

    /// <summary>The one connection. Not thread-safe.</summary>
    public sqlite3 Handle => _connection.Handle!;

    public string Path => _connection.DataSource;

    /// <summary>From when on a file that is made now knows every nonce: from always where the store is new too, else from now.</summary>
    public static DateTimeOffset KnownFrom(SqliteDatabase database, TimeProvider time) => database.IsNew ? DateTimeOffset.UnixEpoch : time.GetUtcNow();

    /// <summary>Opens the file, or makes it anew.</summary>
    /// <param name="path">Where it is, or is to be.</param>
    /// <param name="knownFrom">From when on a new one knows every nonce.</param>
    /// <param name="bootId">The machine's present boot; null: the system's own word.</param>
    /// <exception cref="StoreException">It cannot be read or written.</exception>
    public static NonceFile Open(string path, DateTimeOffset knownFrom, string? bootId = null)
    {
        var boot = bootId ?? (File.Exists(BootIdFile) ? File.ReadAllText(BootIdFile).Trim() : Guid.NewGuid().ToString());
        try
        {
            return Existing(path, boot) ?? Anew(path, boot, knownFrom);
        }
        catch (SqliteException e)
        {
            throw SqliteFaults.Translate(e, path);
        }
    }

    public void Dispose() => _connection.Dispose();

    // Null: there is none, or none of this boot.
    private static NonceFile? Existing(string path, string boot)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var connection = Connect(path);
        try
        {
            if (KnownSinceOf(connection, boot) is { } since)
            {
                return new NonceFile(connection, since);
            }
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_ERROR)
        {
            // Damaged, or no table of ours: it knows nothing.
        }

        connection.Dispose();
        return null;
    }

    private static DateTimeOffset? KnownSinceOf(SqliteConnection connection, string boot)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT known_since FROM knowledge WHERE boot = $boot";
        command.Parameters.AddWithValue("$boot", boot);
        return command.ExecuteScalar() is long milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    private static NonceFile Anew(string path, string boot, DateTimeOffset knownFrom)
    {
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(path + suffix);
        }

        var connection = Connect(path);
        // signed_at: the request's timestamp, in seconds as it was signed. digest: of consumer key, token and nonce. By time first: what
        // is new is written at one end, what is forgotten is at the other.
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"""
            BEGIN;
            CREATE TABLE nonces (signed_at INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (signed_at, digest)) WITHOUT ROWID;
            CREATE TABLE knowledge (boot TEXT NOT NULL, known_since INTEGER NOT NULL);
            INSERT INTO knowledge VALUES ('{boot}', {knownFrom.ToUnixTimeMilliseconds()});
            COMMIT;
            """));
        return new NonceFile(connection, knownFrom);
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint={CheckpointPages}"));
            return connection;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
