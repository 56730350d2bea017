using System.Globalization;
using System.Text;
using Sealpost.Hosting.Lifetime;
using Sealpost.IntegrationTests.Cli;
using Sealpost.IntegrationTests.Support;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Backups;

public sealed class RestoreTests : IDisposable
{
    private readonly DataFolder _folder = new();

    private string Data => _folder.File("data");

    private string Backup => _folder.File("backup.tar");

    private string Target => _folder.File("target");

    public RestoreTests() => Directory.CreateDirectory(Data);

    [Theory]
    [InlineData("empty")]
    [InlineData("no archive")]
    [InlineData("half of it")]
    [InlineData("the last kilobytes cut off")]
    [InlineData("a byte of the database")]
    [InlineData("a hash in the manifest")]
    [InlineData("a length in the manifest")]
    [InlineData("a name that leads out")]
    [InlineData("a schema that the database has not")]
    [InlineData("another form")]
    public async Task A_backup_that_is_cut_off_or_altered_is_refused_and_nothing_is_touched(string harm)
    {
        Store.Make(Data, "kept", megabytes: 1);
        Assert.Equal(0, await new CommandRun().RunAsync("backup", Backup, "--data", Data));
        await File.WriteAllBytesAsync(Backup, Harmed(await File.ReadAllBytesAsync(Backup, TestContext.Current.CancellationToken), harm), TestContext.Current.CancellationToken);
        var run = new CommandRun();

        Assert.Equal(1, await run.RunAsync("restore", Backup, "--data", Target));
        Assert.DoesNotContain("unexpected", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Target), run.Error);

        Directory.CreateDirectory(Target);
        Store.Make(Target, "present");
        Assert.Equal(1, await run.RunAsync("restore", Backup, "--data", Target, "--force"));
        Assert.Equal("present", Store.NameIn(Path.Combine(Target, "sealpost.db")));
        Assert.Equal(["lock", "sealpost.db"], Directory.GetFileSystemEntries(Target).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_store_that_is_there_is_refused_and_with_force_kept_aside()
    {
        Store.Make(Data, "kept");
        Assert.Equal(0, await new CommandRun().RunAsync("backup", Backup, "--data", Data));
        Directory.CreateDirectory(Target);
        Store.Make(Target, "present");
        await File.WriteAllTextAsync(Path.Combine(Target, "admin-token"), "mine", TestContext.Current.CancellationToken);
        var run = new CommandRun();

        Assert.Equal(1, await run.RunAsync("restore", Backup, "--data", Target));
        Assert.Contains("--force", run.Error, StringComparison.Ordinal);
        Assert.Equal("present", Store.NameIn(Path.Combine(Target, "sealpost.db")));

        Assert.True(await run.RunAsync("restore", Backup, "--data", Target, "--force") == 0, run.Error);
        Assert.Equal("kept", Store.NameIn(Path.Combine(Target, "sealpost.db")));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(Target, "admin-token"), TestContext.Current.CancellationToken));
        var aside = Directory.GetDirectories(Target, "before-restore-*").Single();
        Assert.Equal("present", Store.NameIn(Path.Combine(aside, "sealpost.db")));
        Assert.True(await run.RunAsync("restore", Backup, "--data", Target, "--force") == 0, run.Error);
        Assert.Equal(2, Directory.GetDirectories(Target, "before-restore-*").Length);
        Assert.False(Directory.Exists(Path.Combine(Target, "restoring")));
    }

    [Fact]
    public async Task The_log_of_the_store_before_goes_aside_with_it()
    {
        Store.Make(Data, "kept");
        Assert.Equal(0, await new CommandRun().RunAsync("backup", Backup, "--data", Data));
        Directory.CreateDirectory(Target);
        using (var killed = SqliteDatabase.Open(Path.Combine(Target, "sealpost.db")))
        {
            // What a killed process leaves: the newest commits are in the log alone.
            killed.Write(connection => Dapper.SqlMapper.Execute(connection, "INSERT INTO event_types(name) VALUES ('in the log')"));
            Directory.CreateDirectory(_folder.File("left"));
            Array.ForEach(["sealpost.db", "sealpost.db-wal"], name => File.Copy(Path.Combine(Target, name), Path.Combine(_folder.File("left"), name)));
        }

        Array.ForEach(Directory.GetFiles(_folder.File("left")), path => File.Copy(path, Path.Combine(Target, Path.GetFileName(path)), overwrite: true));
        Assert.Equal(0, await new CommandRun().RunAsync("restore", Backup, "--data", Target, "--force"));
        Assert.Equal("kept", Store.NameIn(Path.Combine(Target, "sealpost.db")));
        Assert.Equal("in the log", Store.NameIn(Path.Combine(Directory.GetDirectories(Target, "before-restore-*").Single(), "sealpost.db")));
    }

    [Fact]
    public async Task A_directory_that_a_service_works_on_or_that_is_somebody_elses_is_refused()
    {
        Store.Make(Data, "kept");
        Assert.Equal(0, await new CommandRun().RunAsync("backup", Backup, "--data", Data));
        var run = new CommandRun();

        using (DataDirectory.Open(Target))
        {
            Assert.Equal(1, await run.RunAsync("restore", Backup, "--data", Target, "--force"));
            Assert.Contains("stop the service", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(1, await run.RunAsync("restore", Backup, "--data", _folder.Path, "--force"));
        Assert.Contains("no data directory", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("lock")));
        Assert.Equal(0, await run.RunAsync("restore", Backup, "--data", Target));
    }

    [Fact]
    public async Task The_service_does_not_start_beside_a_restore_that_was_cut_off_and_the_next_restore_ends_it()
    {
        Store.Make(Data, "kept");
        Assert.Equal(0, await new CommandRun().RunAsync("backup", Backup, "--data", Data));
        Directory.CreateDirectory(Path.Combine(Target, "restoring"));
        await File.WriteAllTextAsync(Path.Combine(Target, "restoring", "exchanging"), "", TestContext.Current.CancellationToken);

        Assert.Contains("cut off", Assert.Throws<StartException>(() => DataDirectory.Open(Target)).Message, StringComparison.Ordinal);
        var run = new CommandRun();
        Assert.True(await run.RunAsync("restore", Backup, "--data", Target, "--force") == 0, run.Error);
        DataDirectory.Open(Target).Dispose();
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_an_older_one_is_migrated_at_the_next_start()
    {
        Store.Make(Data, "kept");
        Store.Run(Path.Combine(Data, "sealpost.db"), "PRAGMA user_version=999");
        Assert.Equal(0, await new CommandRun().RunAsync("backup", Backup, "--data", Data));
        var run = new CommandRun();
        Assert.Equal(1, await run.RunAsync("restore", Backup, "--data", Target));
        Assert.Contains("999", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Target));

        Directory.CreateDirectory(_folder.File("older"));
        var older = OlderStore.Make(Path.Combine(_folder.File("older"), "sealpost.db"), migrations: 2);
        Assert.Equal(0, await new CommandRun().RunAsync("backup", Backup, "--data", Path.GetDirectoryName(older)!, "--force"));
        Assert.Equal(0, await run.RunAsync("restore", Backup, "--data", Target));
        using var database = SqliteDatabase.Open(Path.Combine(Target, "sealpost.db"));
        Assert.Equal(Schema.Version, Store.Ask<int>(database.Path, "PRAGMA user_version"));
        Assert.Equal(OlderStore.Name, Store.NameIn(database.Path));
    }

    [Fact]
    public async Task It_says_when_the_master_key_is_missing_or_another_ones()
    {
        await using (var host = await AdminHost.Start(_folder))
        {
            Assert.Equal(0, await new CommandRun().RunAsync("backup", Backup, "--data", _folder.Path));
        }

        var run = new CommandRun();
        Assert.Equal(0, await run.RunAsync("restore", Backup, "--data", Target));
        Assert.Contains("master.key is missing", run.Error, StringComparison.Ordinal);

        var other = _folder.File("other");
        Directory.CreateDirectory(other);
        await File.WriteAllTextAsync(Path.Combine(other, "master.key"), Convert.ToBase64String(new byte[32]), TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(other, "master.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(0, await run.RunAsync("restore", Backup, "--data", other));
        Assert.Contains("is not the key", run.Error, StringComparison.Ordinal);

        File.Copy(_folder.File("master.key"), Path.Combine(other, "master.key"), overwrite: true);
        var right = new CommandRun();
        Assert.Equal(0, await right.RunAsync("restore", Backup, "--data", other, "--force"));
        Assert.DoesNotContain("master.key", right.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Harmed(byte[] whole, string harm) => harm switch
    {
        "empty" => [],
        "no archive" => Encoding.ASCII.GetBytes(new string('x', 5000)),
        "half of it" => whole[..(whole.Length / 2)],
        "the last kilobytes cut off" => whole[..^4096],
        "a byte of the database" => [.. whole[..(whole.Length / 2)], (byte)(whole[whole.Length / 2] ^ 1), .. whole[((whole.Length / 2) + 1)..]],
        "a hash in the manifest" => Written(whole, "\"sha256\": \"", _ => "x"),
        "a length in the manifest" => Written(whole, "\"bytes\": ", digit => digit == "1" ? "2" : "1"),
        "a name that leads out" => Written(whole, "\"name\": \"", _ => "/"),
        "a schema that the database has not" => Written(whole, "\"schema\": ", _ => "1"),
        "another form" => Written(whole, "\"format\": ", _ => "9"),
        _ => throw new ArgumentOutOfRangeException(nameof(harm), harm, message: null),
    };

    // The character after a place in the manifest, which stands at the archive's beginning.
    private static byte[] Written(byte[] whole, string place, Func<string, string> change)
    {
        var at = Encoding.Latin1.GetString(whole, 0, 10_000).IndexOf(place, StringComparison.Ordinal) + place.Length;
        Assert.True(at > place.Length, place);
        var changed = (byte[])whole.Clone();
        changed[at] = (byte)change(((char)whole[at]).ToString(CultureInfo.InvariantCulture))[0];
        return changed;
    }
}
