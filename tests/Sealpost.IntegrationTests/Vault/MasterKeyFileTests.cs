using System.Runtime.Versioning;
using Sealpost.IntegrationTests.Support;
using Sealpost.Storage.Sqlite;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Vault;

[UnsupportedOSPlatform("windows")]
public sealed class MasterKeyFileTests : IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly string _path;

    public MasterKeyFileTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        _path = _folder.File("master.key");
    }

    [Fact]
    public void The_first_start_makes_a_key_for_its_owner_alone_and_the_next_uses_it()
    {
        var first = Open();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
        Assert.Equal(first.Id, Open().Id);
        Assert.False(File.Exists(_path + ".new"));
    }

    [Fact]
    public void A_lost_key_is_not_replaced_by_a_new_one()
    {
        Open();
        File.Delete(_path);
        var fault = Assert.Throws<VaultException>(Open);
        Assert.Contains($"{_path} is missing", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_path));
    }

    [Fact]
    public void The_key_of_another_store_refuses_the_start()
    {
        Open();
        File.WriteAllText(_path, Convert.ToBase64String(new byte[32]));
        var fault = Assert.Throws<VaultException>(Open);
        Assert.Equal($"{_path} is not the key that sealed this store: put the right one back", fault.Message);
    }

    [Fact]
    public void A_key_that_others_may_read_refuses_the_start()
    {
        Open();
        File.SetUnixFileMode(_path, File.GetUnixFileMode(_path) | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<VaultException>(Open).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private MasterKey Open() => MasterKey.Open(_path, null, new SqliteKeyCheck(_database));
}
