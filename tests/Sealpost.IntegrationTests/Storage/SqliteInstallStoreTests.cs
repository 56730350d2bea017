using Dapper;
using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.IntegrationTests.Support;
using Sealpost.Storage.Sqlite;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SqliteInstallStoreTests : InstallStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly EventTypeNumbers _eventTypes;

    public SqliteInstallStoreTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        _eventTypes = new EventTypeNumbers(_database);
        var key = MasterKey.Open(_folder.File("master.key"), null, new SqliteKeyCheck(_database));
        Store = new SqliteInstallStore(_database, key, _eventTypes, TimeProvider.System);
        Accounts = new SqliteAccountStore(_database);
        Accounts.Ensure(A, DateTimeOffset.UnixEpoch);
        Accounts.Ensure(B, DateTimeOffset.UnixEpoch);
    }

    private protected override IInstallStore Store { get; }

    private protected override IAccountStore Accounts { get; }

    private protected override IReadOnlyList<(int Install, string? EventType, long ThroughId)> Removals
    {
        get
        {
            using var connection = _database.OpenRead();
            return [.. connection
                .Query<(int Install, int? EventType, long ThroughId, string Reason)>("SELECT install, event_type, through_id, reason FROM removals ORDER BY rowid")
                .Select(row =>
                {
                    Assert.Equal("app_removed", row.Reason);
                    return (row.Install, row.EventType is { } number ? _eventTypes.NameOf(number) : null, row.ThroughId);
                })];
        }
    }

    [Fact]
    public void Secrets_of_two_rows_that_were_swapped_do_not_open()
    {
        Made(App(A, "one"));
        Made(App(B, "one"));
        _database.Write(connection => { connection.Execute("UPDATE installs SET secret = (SELECT secret FROM installs o WHERE o.number <> installs.number)"); });
        Assert.Throws<VaultException>(Store.Load);
    }

    [Fact]
    public void A_deleted_install_leaves_no_secret_behind()
    {
        var made = Made(App(A, "one"));
        Store.Change(A, made.ClientId, before => new InstallEdit(InstallChangeKind.Done, before with { Deleted = true }));
        using var connection = _database.OpenRead();
        Assert.Equal(0, connection.ExecuteScalar<int>("SELECT length(secret) + coalesce(length(previous_secret), 0) FROM installs"));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private protected override void AddDelivery(long id) => _database.Write(connection =>
    {
        connection.Execute(
            """
            INSERT INTO deliveries(id, install, notification, conversation_key, sequence, event_type, bytes, accepted_at, state, attempts)
            VALUES (@id, 1, 1, 1, @id, 1, 1, 1, 0, 0)
            """,
            new { id });
    });
}
