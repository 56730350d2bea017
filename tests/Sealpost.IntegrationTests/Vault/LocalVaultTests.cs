using Sealpost.IntegrationTests.Support;
using Sealpost.Storage.Sqlite;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Vault;

public sealed class LocalVaultTests : VaultContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;

    public LocalVaultTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        Vault = new LocalVault(new SqliteEnvelopeStore(_database), MasterKey.Open(_folder.File("master.key"), null, new SqliteKeyCheck(_database)));
    }

    private protected override IVault Vault { get; }

    [Fact]
    public async Task No_file_of_the_store_holds_the_key()
    {
        await Store(Place(), Material);
        var key = Material.PrivateKey.Utf8[^32..].ToArray();
        var text = KeyMaterialPem.PrivateKey(Material).Split('\n')[1];

        var files = Directory.GetFiles(_folder.Path).Where(path => Path.GetFileName(path).StartsWith("sealpost.db", StringComparison.Ordinal)).ToList();
        Assert.Contains(files, path => path.EndsWith("-wal", StringComparison.Ordinal));
        foreach (var path in files)
        {
            var bytes = ReadShared(path);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(key));
            Assert.Equal(-1, bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(text)));
        }
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var copy = new MemoryStream();
        file.CopyTo(copy);
        return copy.ToArray();
    }
}
