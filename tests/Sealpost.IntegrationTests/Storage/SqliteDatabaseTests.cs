using System.Diagnostics;
using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.IntegrationTests.Support;
using Sealpost.Storage;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly DataFolder _folder = new();

    private string File => _folder.File("sealpost.db");

    [Fact]
    public void Every_commit_reaches_the_disk_before_it_returns()
    {
        using var database = SqliteDatabase.Open(File);

        Assert.Equal("wal", database.Write(connection => connection.ExecuteScalar<string>("PRAGMA journal_mode")));
        Assert.Equal(2, database.Write(connection => connection.ExecuteScalar<int>("PRAGMA synchronous")));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_by_its_path()
    {
        System.IO.File.WriteAllText(File, new string('x', 10_000));

        var refused = Assert.Throws<StoreException>(() => SqliteDatabase.Open(File));
        Assert.Equal(StoreFault.Corrupt, refused.Fault);
        Assert.Contains(File, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_database_is_refused_when_what_is_damaged_is_read()
    {
        // Closing writes the log back into the file.
        SqliteDatabase.Open(File).Dispose();
        using (var file = System.IO.File.OpenWrite(File))
        {
            file.Position = 100;
            file.Write(Enumerable.Repeat((byte)0xA5, (int)file.Length - 100).ToArray());
        }

        var refused = Assert.Throws<StoreException>(() =>
        {
            using var database = SqliteDatabase.Open(File);
            return database.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM deliveries"));
        });
        Assert.Equal(StoreFault.Corrupt, refused.Fault);
    }

    [Fact]
    public void A_check_of_a_large_database_ends_when_it_may_not_go_on()
    {
        Backups.Store.Make(_folder.Path, "x");
        Backups.Store.Run(File, "CREATE TABLE many AS WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n WHERE i<300000) SELECT i FROM n");
        var asked = 0;

        Assert.True(StoreCheck.Whole(File, () => ++asked > 0));
        Assert.True(asked > 0);
        Assert.False(StoreCheck.Whole(File, () => false));
    }

    [Fact]
    public void A_database_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        using (var database = SqliteDatabase.Open(File))
        {
            database.Write(connection => { connection.Execute("PRAGMA user_version=999"); });
        }

        var refused = Assert.Throws<StoreException>(() => SqliteDatabase.Open(File));
        Assert.Equal(StoreFault.Newer, refused.Fault);
        Assert.Contains("999", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_another_process_writes_to_is_refused_in_seconds()
    {
        using var database = SqliteDatabase.Open(File);
        using var other = new SqliteConnection($"Data Source={File};Pooling=False");
        other.Open();
        other.Execute("BEGIN IMMEDIATE");
        var started = Stopwatch.GetTimestamp();

        var refused = Assert.Throws<StoreException>(() => SqliteProbe.Write(database));
        Assert.Equal(StoreFault.InUse, refused.Fault);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(25));
        other.Execute("ROLLBACK");
        SqliteProbe.Write(database);
    }

    [Fact]
    public void Closed_it_is_one_file()
    {
        using (var database = SqliteDatabase.Open(File))
        {
            database.Write(connection => { connection.Execute("INSERT INTO event_types(name) VALUES ('x')"); });
            Assert.Equal(1, database.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM event_types")));
            Assert.True(System.IO.File.Exists(File + "-wal"));
        }

        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void Work_that_throws_leaves_nothing_behind()
    {
        using var database = SqliteDatabase.Open(File);

        Assert.Throws<InvalidOperationException>(() => database.Write(connection =>
        {
            connection.Execute("INSERT INTO event_types(name) VALUES ('x')");
            throw new InvalidOperationException();
        }));
        Assert.Equal(0, database.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM event_types")));
    }

    public void Dispose() => _folder.Dispose();
}
