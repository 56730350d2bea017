using Dapper;
using Sealpost.Accounts;
using Sealpost.Accounts.AppKeys;
using Sealpost.IntegrationTests.Support;
using Sealpost.Storage.Sqlite;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SqliteAppKeyStoreTests : AppKeyStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteAppKeyStoreTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        Store = new SqliteAppKeyStore(_database, MasterKey.Open(_folder.File("master.key"), null, new SqliteKeyCheck(_database)));
        Accounts = new SqliteAccountStore(_database);
    }

    private protected override IAppKeyStore Store { get; }

    private protected override IAccountStore Accounts { get; }

    [Theory]
    [InlineData("consumer_secret = (SELECT token_secret FROM app_keys o WHERE o.consumer_key = app_keys.consumer_key)")]
    [InlineData("consumer_secret = (SELECT consumer_secret FROM app_keys o WHERE o.consumer_key <> app_keys.consumer_key)")]
    [InlineData("account = 3 - account")]
    [InlineData("account = NULL")]
    public void A_secret_that_was_moved_to_another_place_does_not_open(string change)
    {
        Accounts.Ensure(A, DateTimeOffset.UnixEpoch);
        Accounts.Ensure(B, DateTimeOffset.UnixEpoch);
        Assert.True(Store.Add(Key(A)) && Store.Add(Key(B)));
        _database.Write(connection => { connection.Execute("UPDATE app_keys SET " + change); });
        Assert.Throws<VaultException>(Store.Load);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
