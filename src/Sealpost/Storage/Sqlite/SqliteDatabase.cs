using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// The database file: one connection that writes, behind one lock, and short-lived ones that read. WAL with
/// <c>synchronous=FULL</c>, so that a commit that returned is on the disk.
/// </summary>
/// <remarks>
/// A write holds the lock from BEGIN to COMMIT: the ledger's group commits and the administrator's changes never meet inside
/// SQLite. Reads see the last commit and never wait for a writer.
/// </remarks>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>Measured best for rows of 1 KB: a third less CPU for each event than 4 KB pages.</summary>
    private const int PageBytes = 16384;

    /// <summary>About 64 MB of log before a checkpoint: fewer, larger sequential copies.</summary>
    private const int CheckpointPages = 4000;

    /// <summary>What the log's file is cut back to, after a long read has kept it from starting over.</summary>
    private const int LogBytes = 2 * CheckpointPages * PageBytes;

    /// <summary>How long a write waits for another process; the client library would try again for 30 s.</summary>
    private const int BusySeconds = 5;

    private readonly string _readString;
    private readonly Lock _writing = new();
    private readonly SqliteConnection _writer;

    private SqliteDatabase(string path, SqliteConnection writer, bool isNew)
    {
        _writer = writer;
        Path = path;
        IsNew = isNew;
        _readString = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString();
    }

    public string Path { get; }

    /// <summary>It was made by this opening.</summary>
    public bool IsNew { get; }

    /// <summary>The writing connection's handle, for the statements of the hot path. Used inside <see cref="Write{T}"/> and <see cref="ReadByWriter{T}"/> alone.</summary>
    public sqlite3 WriterHandle => _writer.Handle!;

    /// <summary>Opens the file, makes it when it is absent, and brings its schema up to date.</summary>
    /// <exception cref="StoreException">It is damaged, newer than this program, in use, or cannot be read or written.</exception>
    public static SqliteDatabase Open(string path)
    {
        var writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        try
        {
            writer.Open();
            Run(writer, string.Create(CultureInfo.InvariantCulture, $"PRAGMA page_size={PageBytes}"));
            Run(writer, "PRAGMA auto_vacuum=INCREMENTAL");
            Run(writer, "PRAGMA journal_mode=WAL");
            Run(writer, string.Create(CultureInfo.InvariantCulture, $"PRAGMA journal_size_limit={LogBytes}"));
            Run(writer, "PRAGMA synchronous=FULL");
            Run(writer, "PRAGMA foreign_keys=ON");
            Run(writer, "PRAGMA temp_store=MEMORY");
            Run(writer, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout={BusySeconds * 1000}"));
            Run(writer, "PRAGMA cache_size=-32768");
            Run(writer, string.Create(CultureInfo.InvariantCulture, $"PRAGMA wal_autocheckpoint={CheckpointPages}"));
            var isNew = Schema.BringUpToDate(writer, path);
            return new SqliteDatabase(path, writer, isNew);
        }
        catch (SqliteException e)
        {
            writer.Dispose();
            throw SqliteFaults.Translate(e, path);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>One write transaction: all of <paramref name="work"/> or nothing of it, durable when this returns.</summary>
    /// <exception cref="StoreException">Nothing was kept, unless its fault is <see cref="StoreFault.Broken"/>.</exception>
    public T Write<T>(Func<SqliteConnection, T> work)
    {
        lock (_writing)
        {
            return Transact(work);
        }
    }

    /// <summary>One write transaction without a result.</summary>
    public void Write(Action<SqliteConnection> work) => Write(connection =>
    {
        work(connection);
        return true;
    });

    /// <summary>One write transaction that does not wait for the disk: it is durable with the next that does, and a crash before leaves nothing of it.</summary>
    /// <exception cref="StoreException">Nothing was kept, unless its fault is <see cref="StoreFault.Broken"/>.</exception>
    public T WriteLater<T>(Func<SqliteConnection, T> work) => WriteUnder("synchronous", "NORMAL", "FULL", work);

    /// <summary>One write transaction that leaves nothing of what it removes in the file's pages.</summary>
    /// <exception cref="StoreException">Nothing was kept, unless its fault is <see cref="StoreFault.Broken"/>.</exception>
    public T WriteErasing<T>(Func<SqliteConnection, T> work) => WriteUnder("secure_delete", "ON", "OFF", work);

    /// <summary>Copies the log into the file and empties it. False: somebody reads, and it was not emptied.</summary>
    /// <exception cref="StoreException">The store could not do it.</exception>
    public bool EmptyLog()
    {
        lock (_writing)
        {
            return Guard(() =>
            {
                using var checkpoint = new Statement(WriterHandle, "PRAGMA wal_checkpoint(TRUNCATE)");
                Run(_writer, "PRAGMA busy_timeout=0");
                try
                {
                    checkpoint.Step();
                    return checkpoint.Int(0) == 0;
                }
                finally
                {
                    checkpoint.Reset();
                    Run(_writer, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout={BusySeconds * 1000}"));
                }
            });
        }
    }

    /// <summary>
    /// One read on the writing connection, between writes: its pages are still in memory, where any other connection forgets all of
    /// its own at each commit.
    /// </summary>
    /// <exception cref="StoreException">The store could not be read.</exception>
    public T ReadByWriter<T>(Func<T> read)
    {
        lock (_writing)
        {
            return Guard(read);
        }
    }

    /// <summary>One read on a connection from the pool.</summary>
    /// <exception cref="StoreException">The store could not be read.</exception>
    public T Read<T>(Func<SqliteConnection, T> read) => Guard(() =>
    {
        using var connection = OpenRead();
        return read(connection);
    });

    /// <summary>Runs statements on a connection of the caller's own, with SQLite's errors as the store's faults.</summary>
    /// <exception cref="StoreException">The store could not do it.</exception>
    public T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw SqliteFaults.Translate(e, Path);
        }
    }

    /// <inheritdoc cref="Guard{T}"/>
    public void Guard(Action work) => Guard(() =>
    {
        work();
        return true;
    });

    /// <summary>A reading connection from the pool; dispose it soon, a long read holds the log back.</summary>
    public SqliteConnection OpenRead()
    {
        var connection = new SqliteConnection(_readString);
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        // Who writes closes last: that puts the log back into the file, and the next start need not read it.
        SqliteConnection.ClearAllPools();
        _writer.Dispose();
    }

    private T WriteUnder<T>(string pragma, string during, string after, Func<SqliteConnection, T> work)
    {
        lock (_writing)
        {
            Guard(() => Run(_writer, $"PRAGMA {pragma}={during}"));
            try
            {
                return Transact(work);
            }
            finally
            {
                Guard(() => Run(_writer, $"PRAGMA {pragma}={after}"));
            }
        }
    }

    // Under the lock.
    private T Transact<T>(Func<SqliteConnection, T> work)
    {
        var begun = false;
        try
        {
            Run(_writer, "BEGIN IMMEDIATE");
            begun = true;
            var result = work(_writer);
            Run(_writer, "COMMIT");
            return result;
        }
        catch (SqliteException e)
        {
            RollBack(begun);
            throw SqliteFaults.Translate(e, Path);
        }
        catch
        {
            RollBack(begun);
            throw;
        }
    }

    // SQLite has rolled back by itself after some faults; a second ROLLBACK then only says so.
    private void RollBack(bool begun)
    {
        if (begun && raw.sqlite3_get_autocommit(_writer.Handle!) == 0)
        {
            Run(_writer, "ROLLBACK");
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
