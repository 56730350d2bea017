using Dapper;
using Sealpost.IntegrationTests.Support;
using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SqliteLedgerStoreTests : LedgerStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly EventTypeNumbers _eventTypes;
    private readonly SqliteLedgerStore _ledger;
    private readonly SqliteBacklogStore _backlog;

    public SqliteLedgerStoreTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        _eventTypes = new EventTypeNumbers(_database);
        _ledger = new SqliteLedgerStore(_database, _eventTypes);
        _backlog = new SqliteBacklogStore(_database, _eventTypes);
    }

    private protected override ILedgerStore Ledger => _ledger;

    private protected override IBacklogStore Backlog => _backlog;

    [Fact]
    public void The_seed_of_conversation_keys_outlives_a_restart()
    {
        using var again = new SqliteLedgerStore(_database, new EventTypeNumbers(_database));

        Assert.Equal(_ledger.ConversationSeed, again.ConversationSeed);
        Assert.NotEqual(0, again.ConversationSeed);
    }

    [Fact]
    public void What_was_committed_is_there_after_a_restart()
    {
        var id = Add(install: 1, sequence: 1);
        Commit();
        using var again = SqliteDatabase.Open(_folder.File("sealpost.db"));
        using var backlog = new SqliteBacklogStore(again, new EventTypeNumbers(again));

        Assert.Equal("t.One", Assert.Single(backlog.Read([id])).EventType);
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _backlog.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    // Installs are not needed for it: this is the row that their store writes.
    private protected override void AddRemoval(int install, string? eventType)
    {
        int? type = eventType is null ? null : _eventTypes.NumberOf(eventType);
        var through = eventType is null ? long.MaxValue : _ledger.LastId();
        _database.Write(connection =>
        {
            connection.Execute(
                "INSERT INTO removals(install, event_type, from_id, through_id, reason) VALUES (@install, @type, 0, @through, 'app_removed')",
                new { install, type, through });
        });
    }
}
