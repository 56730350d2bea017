using Dapper;
using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Installs;
using Sealpost.IntegrationTests.Support;
using Sealpost.Mailrooms;
using Sealpost.Storage.Sqlite;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SqliteDeliveryStoreTests : DeliveryStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteLedgerStore _ledger;

    public SqliteDeliveryStoreTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        var eventTypes = new EventTypeNumbers(_database);
        _ledger = new SqliteLedgerStore(_database, eventTypes);
        Accounts = new SqliteAccountStore(_database);
        Installs = new SqliteInstallStore(
            _database, MasterKey.Open(_folder.File("master.key"), null, new SqliteKeyCheck(_database)), eventTypes, TimeProvider.System);
        Store = new SqliteDeliveryStore(_database, _ledger.ConversationSeed, _ledger.Ends);
    }

    private protected override IDeliveryStore Store { get; }

    private protected override ILedgerStore Ledger => _ledger;

    private protected override IAccountStore Accounts { get; }

    private protected override IInstallStore Installs { get; }

    [Fact]
    public void A_quiet_account_finds_its_own_beneath_what_a_busy_one_has_stored_since()
    {
        var (quiet, busy) = (AccountId.Parse("quiet"), AccountId.Parse("busy"));
        var (mine, others) = (App(quiet, "one"), App(busy, "one"));
        var first = Accept(mine, "c", 1);
        var second = Accept(mine, "c", 2);
        Record(Delivered(first));
        _database.Write(connection =>
        {
            connection.Execute(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<20500)
                INSERT INTO deliveries(id, install, notification, conversation_key, sequence, event_type, bytes, accepted_at, state, attempts)
                SELECT @first+1+i, @Number, @first-1, i, 1, 1, 1, @at, 2, 1 FROM n
                """,
                new { first = second.Value, others.Number, at = Start.ToUnixTimeMilliseconds() });
        });

        Assert.Equal([second, first], Store.List(Number(quiet), new DeliveryFilter()).Items.Select(item => item.Id));
        Assert.Equal([first], Store.List(Number(quiet), new DeliveryFilter { State = PublicState.Delivered }).Items.Select(item => item.Id));
        Assert.Equal([second], Store.List(Number(quiet), new DeliveryFilter { State = PublicState.Pending }).Items.Select(item => item.Id));
        Assert.True(Store.List(Number(busy), new DeliveryFilter()).HasMore);
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }
}
