using Sealpost.Accounts.Audit;
using Sealpost.IntegrationTests.Support;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SqliteAuditStoreTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteAuditStore _store;

    public SqliteAuditStoreTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        _store = new SqliteAuditStore(_database);
    }

    [Fact]
    public void What_was_written_comes_back_whole()
    {
        var entry = Entry(0) with { Actor = new AuditActor("token", "tok_1", "ci"), Target = "t", Code = "c", Detail = "d", RemoteAddress = "::1", Times = 3, LastAt = Start.AddHours(1) };
        var id = _store.Write([entry], []).Single();
        Assert.Equal(entry with { Id = id }, _store.List(1, new AuditFilter()).Single());
    }

    [Fact]
    public void A_count_is_raised_in_its_place()
    {
        var id = _store.Write([Entry(0)], []).Single();
        _store.Write([], [new RaisedCount(id, 9, Start.AddMinutes(1))]);
        var raised = _store.List(1, new AuditFilter()).Single();
        Assert.Equal((9, Start.AddMinutes(1)), (raised.Times, raised.LastAt));
    }

    [Fact]
    public void What_is_old_goes_a_little_at_a_time_and_so_does_what_is_too_much_of_what_was_not_done()
    {
        _store.Write([.. Enumerable.Range(0, 10).Select(i => Entry(i))], []);
        Assert.Equal(3, _store.Forget(Start.AddMinutes(5), keepNotDone: 100, atMost: 3));
        Assert.Equal(2, _store.Forget(Start.AddMinutes(5), keepNotDone: 100, atMost: 3));
        Assert.Equal(5, _store.List(1, new AuditFilter()).Count);

        _store.Write([.. Enumerable.Range(20, 10).Select(i => Entry(i) with { Outcome = ActOutcome.Refused })], []);
        Assert.Equal(6, _store.Forget(Start, keepNotDone: 4, atMost: 100));
        Assert.Equal([29, 28, 27, 26, 9, 8, 7, 6, 5], _store.List(1, new AuditFilter()).Select(entry => (entry.At - Start).TotalMinutes));
    }

    [Fact]
    public void A_page_is_found_in_the_index_without_sorting()
    {
        var plan = _database.Read(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "EXPLAIN QUERY PLAN SELECT * FROM audit WHERE account = 1 AND at >= 0 AND at < 9 AND (at, id) < (5, 5) ORDER BY at DESC, id DESC LIMIT 10";
            using var reader = command.ExecuteReader();
            return reader.Read() ? reader.GetString(3) + reader.Read() : "";
        });
        Assert.StartsWith("SEARCH audit USING INDEX audit_of_account (account=? AND", plan, StringComparison.Ordinal);
        Assert.EndsWith("False", plan, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private static AuditEntry Entry(int minute) => new()
    {
        Account = 1,
        At = Start.AddMinutes(minute),
        LastAt = Start.AddMinutes(minute),
        Actor = AuditActor.Nobody,
        Action = "a",
        Outcome = ActOutcome.Done,
        Status = 200,
    };
}
