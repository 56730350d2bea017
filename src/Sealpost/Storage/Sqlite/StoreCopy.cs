using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// A consistent copy of a database file of ours that others may be writing to: the state of one commit, in one file, on the disk.
/// </summary>
/// <remarks>
/// One read transaction from the first page to the last: writers go on, and no page of the copy is newer than another. Their log cannot
/// start over meanwhile, so it grows by what is written while the copy is made; the caller is asked every few megabytes whether that
/// may go on. Steps with no transaction around them would begin anew at each commit of another process, and never end.
/// </remarks>
internal static class StoreCopy
{
    /// <summary>4 MB of the store's pages.</summary>
    private const int StepPages = 256;

    /// <summary>32 MB: what is written in one go must not make the service's own commits wait for seconds.</summary>
    private const int StepsBetweenFlushes = 8;

    private const int BusyMilliseconds = 5000;

    /// <summary>Copies <paramref name="source"/> to <paramref name="target"/>, which its owner alone can read.</summary>
    /// <param name="source">The database; its log is read with it.</param>
    /// <param name="target">The new file; one that is there is replaced. What is there after an exception is no database.</param>
    /// <param name="watch">Takes the bytes copied so far and those in all; may throw to end it.</param>
    /// <param name="cancellation">Ends it between two steps.</param>
    /// <exception cref="StoreException">The source cannot be read or is damaged, or the target has no room.</exception>
    public static void Make(string source, string target, Action<long, long> watch, CancellationToken cancellation)
    {
        MakeEmpty(target);
        try
        {
            Copy(source, target, watch, cancellation);
        }
        catch (SqliteException e)
        {
            throw SqliteFaults.Translate(e, e.SqliteErrorCode == raw.SQLITE_FULL ? target : source);
        }

        using var copied = File.OpenHandle(target, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(copied);
    }

    private static void MakeEmpty(string target)
    {
        File.Delete(target);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        File.Open(target, options).Dispose();
    }

    private static void Copy(string source, string target, Action<long, long> watch, CancellationToken cancellation)
    {
        // Not read-only: whoever closes the database last puts its log away, and a reader could not.
        using var from = Open(source);
        using var to = Open(target);

        // A copy that was cut off is thrown away: it needs neither a journal nor the disk at each step.
        Ask(to, "PRAGMA journal_mode=OFF");
        Ask(to, "PRAGMA synchronous=OFF");
        Ask(from, "BEGIN");
        Ask(from, "SELECT count(*) FROM sqlite_schema");
        var pageBytes = Convert.ToInt64(Ask(from, "PRAGMA page_size"), CultureInfo.InvariantCulture);

        using var backup = raw.sqlite3_backup_init(to.Handle!, "main", from.Handle!, "main");
        if (backup.IsInvalid)
        {
            throw SqliteFaults.Exception(to.Handle!, raw.sqlite3_errcode(to.Handle!));
        }

        using var file = File.OpenHandle(target, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        int code;
        var steps = 0;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            code = raw.sqlite3_backup_step(backup, StepPages);
            if (++steps % StepsBetweenFlushes == 0)
            {
                RandomAccess.FlushToDisk(file);
            }

            long pages = raw.sqlite3_backup_pagecount(backup);
            watch((pages - raw.sqlite3_backup_remaining(backup)) * pageBytes, pages * pageBytes);
        }
        while (code == raw.SQLITE_OK);
        if (code != raw.SQLITE_DONE)
        {
            throw new SqliteException(raw.sqlite3_errstr(code).utf8_to_string(), code & 0xff, code);
        }
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Ask(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout={BusyMilliseconds}"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
