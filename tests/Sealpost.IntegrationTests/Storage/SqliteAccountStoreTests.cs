using Sealpost.Accounts;
using Sealpost.IntegrationTests.Support;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SqliteAccountStoreTests : AccountStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteAccountStoreTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        Store = new SqliteAccountStore(_database);
    }

    private protected override IAccountStore Store { get; }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
