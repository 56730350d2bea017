using Sealpost.Accounts;
using Sealpost.IntegrationTests.Support;
using Sealpost.Mtls.Certificates;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SqliteCertificateStoreTests : CertificateStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteCertificateStoreTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        Store = new SqliteCertificateStore(_database);
        Accounts = new SqliteAccountStore(_database);
    }

    private protected override ICertificateStore Store { get; }

    private protected override IAccountStore Accounts { get; }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
