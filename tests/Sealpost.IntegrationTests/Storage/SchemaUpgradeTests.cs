using Dapper;
using DbUp.Engine;
using Sealpost.IntegrationTests.Backups;
using Sealpost.IntegrationTests.Support;
using Sealpost.Storage;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SchemaUpgradeTests : IDisposable
{
    private readonly DataFolder _folder = new();

    private string Database => _folder.File("sealpost.db");

    private string Copy => Database + ".schema-2.bak";

    [Fact]
    public void An_older_schema_is_migrated_after_a_copy_of_the_database_was_kept()
    {
        OlderStore.Make(Database, migrations: 2);

        SqliteDatabase.Open(Database).Dispose();
        Assert.Equal(Schema.Version, VersionOf(Database));
        Assert.Equal(2, VersionOf(Copy));
        Assert.Equal([OlderStore.Name, OlderStore.Name], [Store.NameIn(Database), Store.NameIn(Copy)]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Copy));
    }

    [Fact]
    public void A_new_database_and_one_that_is_up_to_date_need_no_copy()
    {
        SqliteDatabase.Open(Database).Dispose();
        SqliteDatabase.Open(Database).Dispose();

        Assert.Equal([Database], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void The_last_three_copies_are_kept()
    {
        OlderStore.Make(Database, migrations: 2);
        Array.ForEach([3, 4, 5], schema => File.WriteAllText($"{Database}.schema-{schema}.bak", ""));
        File.WriteAllText(Database + ".schema-mine.bak", "");

        SqliteDatabase.Open(Database).Dispose();
        Assert.Equal(
            ["sealpost.db", "sealpost.db.schema-3.bak", "sealpost.db.schema-4.bak", "sealpost.db.schema-5.bak", "sealpost.db.schema-mine.bak"],
            Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_migration_that_fails_leaves_the_older_database_as_it_was()
    {
        OlderStore.Make(Database, migrations: 2);
        IReadOnlyList<SqlScript> broken = [.. Schema.Migrations, Migration(98, "CREATE TABLE half(x);"), Migration(99, "CREATE TABLE half(x);")];

        using (var connection = OlderStore.Open(Database))
        {
            var failed = Assert.Throws<StoreException>(() => Schema.BringUpToDate(connection, Database, broken));
            Assert.Contains("0099", failed.Message, StringComparison.Ordinal);
        }

        Assert.Equal(2, VersionOf(Database));
        Assert.Equal(0, Store.Ask<int>(Database, "SELECT count(*) FROM sqlite_schema WHERE name='half'"));
        Assert.Equal(OlderStore.Name, Store.NameIn(Database));
        SqliteDatabase.Open(Database).Dispose();
        Assert.Equal(Schema.Version, VersionOf(Database));
    }

    [Fact]
    public void A_full_disk_refuses_the_start_and_changes_nothing()
    {
        using var disk = SmallDisk.Mount(megabytes: 8);
        var database = OlderStore.Make(disk.File("sealpost.db"), migrations: 2, kilobytes: 5000);

        var refused = Assert.Throws<StoreException>(() => SqliteDatabase.Open(database));
        Assert.Equal(StoreFault.Full, refused.Fault);
        Assert.Contains("make room", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(database)!, "*.bak*"));
        Assert.Equal(2, VersionOf(database));
        Assert.Equal(OlderStore.Name, Store.NameIn(database));
    }

    [Fact]
    public void Killed_in_the_middle_of_a_migration_the_next_start_works()
    {
        OlderStore.Make(Database, migrations: 2);
        var left = Directory.CreateDirectory(_folder.File("left")).FullName;
        IReadOnlyList<SqlScript> migrations =
        [
            .. Schema.Migrations,
            Migration(98, "CREATE TABLE large(x); WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n WHERE i<5000) INSERT INTO large SELECT randomblob(1000) FROM n;"),
            Migration(99, "INSERT INTO large SELECT killed();"),
        ];

        using (var connection = OlderStore.Open(Database))
        {
            // What a process that is killed now leaves behind: the files as they are.
            connection.Execute("PRAGMA cache_size=10");
            connection.CreateFunction("killed", () =>
            {
                Array.ForEach(Directory.GetFiles(_folder.Path), path => File.Copy(path, Path.Combine(left, Path.GetFileName(path))));
                return 0;
            });
            Schema.BringUpToDate(connection, Database, migrations);
        }

        Assert.True(new FileInfo(Path.Combine(left, "sealpost.db-wal")).Length > 1_000_000);
        var database = Path.Combine(left, "sealpost.db");
        SqliteDatabase.Open(database).Dispose();
        Assert.Equal([Schema.Version, 2], [VersionOf(database), VersionOf(database + ".schema-2.bak")]);
        Assert.Equal(0, Store.Ask<int>(database, "SELECT count(*) FROM sqlite_schema WHERE name='large'"));
        Assert.Equal(OlderStore.Name, Store.NameIn(database));
    }

    public void Dispose() => _folder.Dispose();

    private static SqlScript Migration(int number, string sql) => new($"Sealpost.Storage.Sqlite.Migrations.{number:0000}_test.sql", sql);

    private static int VersionOf(string path) => Store.Ask<int>(path, "PRAGMA user_version");
}
