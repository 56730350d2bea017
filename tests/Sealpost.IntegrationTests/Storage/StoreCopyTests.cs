using Dapper;
using Sealpost.IntegrationTests.Backups;
using Sealpost.IntegrationTests.Support;
using Sealpost.Storage;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class StoreCopyTests : IDisposable
{
    private const int MostSteps = 1000;

    private readonly DataFolder _folder = new();

    private string Source => _folder.File("sealpost.db");

    private string Copy => _folder.File("copy.db");

    [Fact]
    public void Commits_between_its_steps_neither_begin_it_anew_nor_show_in_it()
    {
        Store.Make(_folder.Path, "before", megabytes: 40);
        using var writer = SqliteDatabase.Open(Source);
        writer.Write(connection => { connection.Execute("CREATE TABLE last(n); INSERT INTO last VALUES ('before')"); });
        var steps = 0;

        StoreCopy.Make(Source, Copy, Commit, CancellationToken.None);

        Assert.InRange(steps, 5, 50);
        StoreCheck.Whole(Copy);
        Assert.Equal(["before", "before"], [Store.NameIn(Copy), Store.Ask<string>(Copy, "SELECT n FROM last")]);
        Assert.Equal($"{steps}", Store.NameIn(Source));

        void Commit(long done, long total)
        {
            Assert.True(++steps < MostSteps, $"{done} of {total} bytes");
            writer.Write(connection => { connection.Execute("UPDATE event_types SET name=@name; UPDATE last SET n=@name", new { name = $"{steps}" }); });
        }
    }

    [Fact]
    public void A_full_disk_is_said_to_be_full()
    {
        Store.Make(_folder.Path, "x", megabytes: 8);
        using var disk = SmallDisk.Mount(megabytes: 4);

        var refused = Assert.Throws<StoreException>(() => StoreCopy.Make(Source, disk.File("copy.db"), static (_, _) => { }, CancellationToken.None));
        Assert.Equal(StoreFault.Full, refused.Fault);
    }

    [Fact]
    public async Task A_backup_to_a_disk_without_room_is_refused_before_it_begins()
    {
        Store.Make(_folder.Path, "x", megabytes: 8);
        using var disk = SmallDisk.Mount(megabytes: 4);
        var run = new Cli.CommandRun();

        Assert.Equal(1, await run.RunAsync("backup", disk.File("b.tar"), "--data", _folder.Path));
        Assert.Contains("make room", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(disk.File("b.tar"))!));
    }

    public void Dispose() => _folder.Dispose();
}
