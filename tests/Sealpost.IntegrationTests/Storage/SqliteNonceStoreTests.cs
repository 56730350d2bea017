using Dapper;
using Sealpost.Accounts.AppKeys;
using Sealpost.IntegrationTests.Support;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SqliteNonceStoreTests : NonceStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private SqliteDatabase _database;

    public SqliteNonceStoreTests() => _database = SqliteDatabase.Open(_folder.File("sealpost.db"));

    private protected override INonceStore Store => new SqliteNonceStore(_database);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private protected override INonceStore Reopened()
    {
        _database.Dispose();
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        return Store;
    }

    private protected override int Count() => _database.Read(connection => connection.ExecuteScalar<int>("SELECT count(*) FROM nonces"));
}
