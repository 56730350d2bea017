using Sealpost.Hosting.Backups;
using Sealpost.IntegrationTests.Cli;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Backups;

public sealed class BackupTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Attempts = "attempts/2026-11-27.db";

    private readonly DataFolder _folder = new();

    private string Data => _folder.File("data");

    private string Backup => _folder.File("backup.tar");

    private string Target => _folder.File("target");

    public BackupTests() => Directory.CreateDirectory(Data);

    [Fact]
    public async Task A_backup_is_private_and_says_that_the_key_is_not_in_it()
    {
        Store.Make(Data, "kept");
        await File.WriteAllTextAsync(Path.Combine(Data, "master.key"), "secret", TestContext.Current.CancellationToken);
        var run = new CommandRun();

        Assert.True(await run.RunAsync("backup", Backup, "--data", Data) == 0, run.Error);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Backup));
        Assert.Contains("keep master.key", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Backup + ".unfinished"));
        Assert.Equal(0, await new CommandRun().RunAsync("restore", Backup, "--data", Target));
        Assert.Equal("kept", Store.NameIn(Path.Combine(Target, "sealpost.db")));
        Assert.False(File.Exists(Path.Combine(Target, "master.key")));
    }

    [Fact]
    public async Task With_keys_the_keys_come_back_too()
    {
        Store.Make(Data, "kept");
        string[] keys = ["master.key", "admin-token", "tls/server.pem"];
        Directory.CreateDirectory(Path.Combine(Data, "tls"));
        Array.ForEach(keys, key => File.WriteAllText(Path.Combine(Data, key), key));
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("backup", Backup, "--data", Data, "--with-keys"));
        Assert.Contains("The keys are in it", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await new CommandRun().RunAsync("restore", Backup, "--data", Target));
        Assert.All(keys, key =>
        {
            Assert.Equal(key, File.ReadAllText(Path.Combine(Target, key)));
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(Target, key)));
        });
    }

    [Fact]
    public async Task The_log_of_attempts_is_in_it_save_a_day_that_is_damaged()
    {
        Store.Make(Data, "kept");
        Directory.CreateDirectory(Path.Combine(Data, "attempts"));
        File.Copy(Path.Combine(Data, "sealpost.db"), Path.Combine(Data, Attempts));
        await File.WriteAllTextAsync(Path.Combine(Data, "attempts/2026-11-28.db"), new string('x', 5000), TestContext.Current.CancellationToken);
        var run = new CommandRun();

        Assert.True(await run.RunAsync("backup", Backup, "--data", Data) == 0, run.Error);
        Assert.Contains("2026-11-28.db could not be read", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await new CommandRun().RunAsync("restore", Backup, "--data", Target));
        Assert.Equal(["2026-11-27.db"], Directory.GetFiles(Path.Combine(Target, "attempts")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_damaged_store_is_not_called_a_backup()
    {
        Store.Make(Data, "kept", megabytes: 1);
        using (var file = File.OpenWrite(Path.Combine(Data, "sealpost.db")))
        {
            file.Position = 20_000;
            file.Write(Enumerable.Repeat((byte)0xA5, 40_000).ToArray());
        }

        var run = new CommandRun();
        Assert.Equal(1, await run.RunAsync("backup", Backup, "--data", Data));
        Assert.Contains("damaged", run.Error, StringComparison.Ordinal);
        Assert.Equal([Data], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_with_force_alone()
    {
        Store.Make(Data, "kept");
        await File.WriteAllTextAsync(Backup, "older", TestContext.Current.CancellationToken);
        var run = new CommandRun();

        Assert.Equal(1, await run.RunAsync("backup", Backup, "--data", Data));
        Assert.Contains("--force", run.Error, StringComparison.Ordinal);
        Assert.Equal("older", await File.ReadAllTextAsync(Backup, TestContext.Current.CancellationToken));
        Assert.Equal(0, await run.RunAsync("backup", Backup, "--data", Data, "--force"));
        Assert.Equal(0, await run.RunAsync("restore", Backup, "--data", Target));
    }

    [Fact]
    public async Task The_reserve_of_the_disk_is_the_services_own()
    {
        Store.Make(Data, "kept");
        var run = new CommandRun { Variables = { ["SEALPOST_Limits__DiskReserveBytes"] = "9000000000000000" } };

        Assert.Equal(1, await run.RunAsync("backup", Backup, "--data", Data));
        Assert.Contains("Limits:DiskReserveBytes", run.Error, StringComparison.Ordinal);
        Assert.Equal([Data], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_log_that_grows_past_its_bound_ends_the_copy()
    {
        var database = Path.Combine(Data, "sealpost.db");
        var limits = new CopyLimits(database, reserveBytes: 0);
        using var log = File.Create(database + "-wal");
        log.SetLength(1L << 30);
        limits.Judge(databaseBytes: 1);

        log.SetLength((1L << 30) + 1);
        Assert.Throws<BackupException>(() => limits.Judge(databaseBytes: 1));
        limits.Judge(databaseBytes: 5L << 30);
    }

    [Fact]
    public async Task A_backup_that_is_killed_leaves_no_file_of_its_name_and_the_next_one_works()
    {
        Store.Make(Data, "kept", megabytes: 200);
        string[] stages = ["parts/sealpost.db", "archive"];
        foreach (var stage in stages)
        {
            using var run = SealpostRun.Start("backup", Backup, "--data", Data);
            var unfinished = Path.Combine(Backup + ".unfinished", stage);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (!File.Exists(unfinished))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
            }

            run.Kill();
            Assert.False(File.Exists(Backup), $"it was over before it was killed at {stage}");
        }

        await SealpostRun.SucceedAsync("backup", Backup, "--data", Data);
        Assert.Equal([Backup, Data], Directory.GetFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
        await SealpostRun.SucceedAsync("restore", Backup, "--data", Target);
    }

    [Fact]
    public async Task Without_a_store_it_says_where_it_looked()
    {
        var run = new CommandRun();

        Assert.Equal(1, await run.RunAsync("backup", Backup, "--data", Data));
        Assert.Contains("--data", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
