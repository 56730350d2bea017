using Sealpost.Accounts;
using Sealpost.IntegrationTests.Support;
using Sealpost.Mtls.Mappings;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SqliteMappingStoreTests : MappingStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteMappingStoreTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        Store = new SqliteMappingStore(_database);
        Accounts = new SqliteAccountStore(_database);
    }

    private protected override IMappingStore Store { get; }

    private protected override IAccountStore Accounts { get; }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
