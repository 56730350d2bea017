using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Installs;
using Sealpost.IntegrationTests.Support;
using Sealpost.Mailrooms;
using Sealpost.Storage.Sqlite;
using Sealpost.Vault;
using SQLitePCL;

namespace Sealpost.IntegrationTests.Storage;

/// <summary>What lists cost: the plans of their statements, and the work of a page.</summary>
public sealed class ListCostTests : DeliveryStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteLedgerStore _ledger;
    private readonly SqliteDeliveryStore _store;

    public ListCostTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        var eventTypes = new EventTypeNumbers(_database);
        _ledger = new SqliteLedgerStore(_database, eventTypes, endsGeneration: 64);
        Accounts = new SqliteAccountStore(_database);
        Installs = new SqliteInstallStore(
            _database, MasterKey.Open(_folder.File("master.key"), null, new SqliteKeyCheck(_database)), eventTypes, TimeProvider.System);
        _store = new SqliteDeliveryStore(_database, _ledger.ConversationSeed, _ledger.Ends);
    }

    private protected override IDeliveryStore Store => _store;

    private protected override ILedgerStore Ledger => _ledger;

    private protected override IAccountStore Accounts { get; }

    private protected override IInstallStore Installs { get; }

    [Fact]
    public void No_combination_of_filters_reads_a_whole_table_or_sorts_one()
    {
        var a = AccountId.Parse("a");
        Install[] installs = [App(a, "one"), App(a, "two"), App(AccountId.Parse("b"), "one")];
        var ids = new List<DeliveryId>();
        for (var i = 0; i < 300; i++)
        {
            ids.Add(Accept(installs[i % 3], $"c{i % 7}", i + 1, Start.AddMinutes(i)));
        }

        using var connection = new SqliteConnection($"Data Source={_database.Path};Pooling=False");
        connection.Open();
        var statements = new HashSet<string>(StringComparer.Ordinal);
        raw.sqlite3_trace(connection.Handle!, (_, sql) => statements.Add(sql), null!);
        foreach (var filter in Combinations(installs[0].ClientId, new NotificationId(ids[30].Value - 1), ids[250]))
        {
            _store.List(connection, Number(a), filter);
            _store.List(connection, Number(a), filter with { Limit = 3 }, budget: 30);
        }

        raw.sqlite3_trace(connection.Handle!, (strdelegate_trace)null!, null!);
        Assert.True(statements.Count > 200, $"{statements.Count} statements were seen");
        foreach (var sql in statements.Where(sql => sql.TrimStart().StartsWith("SELECT", StringComparison.Ordinal)))
        {
            foreach (var step in connection.Query("EXPLAIN QUERY PLAN " + sql).Select(row => (string)row.detail))
            {
                Assert.False(step.StartsWith("SCAN", StringComparison.Ordinal) && !step.Contains("CONSTANT ROW", StringComparison.Ordinal), $"{sql}: {step}");
                Assert.DoesNotContain("B-TREE", step, StringComparison.Ordinal);
                Assert.DoesNotContain("AUTOMATIC", step, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Whatever_the_budget_of_a_page_the_pages_have_all_and_in_order()
    {
        var random = new Random(3);
        var a = AccountId.Parse("a");
        Install[] installs = [App(a, "one", "x", "y"), App(a, "two", "x", "y"), App(AccountId.Parse("b"), "busy")];
        var told = new List<Told>();
        for (var i = 0; i < 2500; i++)
        {
            var install = installs[random.Next(10) switch { 0 => 1, < 4 => 0, _ => 2 }];
            var (conversation, type) = ($"c{random.Next(5)}", install == installs[2] || random.Next(20) > 0 ? "x" : "y");
            var id = Accept(install, conversation, i + 1, Start.AddMinutes(i), type);
            PublicState state = (PublicState)random.Next(2);
            if (state == PublicState.Delivered)
            {
                Record(Delivered(id));
            }

            if (random.Next(40) == 0)
            {
                Record(Dead(id));
                state = state == PublicState.Delivered ? state : PublicState.Dead;
            }

            told.Add(new Told(id, install, conversation, type, state, Start.AddMinutes(i)));
        }

        foreach (var filter in Combinations(installs[1].ClientId, null, null))
        {
            var expected = told.Where(one => one.Install != installs[2]
                && (filter.ClientId is null || one.Install.ClientId == filter.ClientId)
                && (filter.Conversation is null || one.Conversation == filter.Conversation)
                && (filter.EventType is null || one.EventType == filter.EventType)
                && (filter.State is null || one.State == filter.State)
                && (filter.Since is null || one.At >= filter.Since)
                && (filter.Until is null || one.At < filter.Until)).Select(one => one.Id).Reverse().ToList();
            foreach (var budget in new[] { 60, 900, DeliveryRows.DefaultBudget })
            {
                Assert.Equal(expected, Pages(a, filter with { Limit = 11 }, budget));
            }
        }
    }

    [Fact]
    public void A_page_deep_in_the_past_of_an_install_begins_at_a_mark()
    {
        var (mine, others) = (App(AccountId.Parse("a"), "one"), App(AccountId.Parse("b"), "one"));
        var first = Many(mine, others, 60_000);
        using var connection = _database.OpenRead();
        var page = _store.List(connection, Number(AccountId.Parse("a")), new DeliveryFilter { ClientId = mine.ClientId, Before = new ListPosition(new DeliveryId(first + 29_000)), Limit = 2 });
        Assert.Equal([20_000, 10_000], page.Items.Select(item => item.Id.Value - first - 1));

        var marks = connection.Query<(long Through, int Install, long Delivery)>("SELECT through, install, delivery FROM install_marks").AsList();
        Assert.Equal(6, marks.Count);
        Assert.All(marks, mark => Assert.Equal(
            connection.ExecuteScalar<long>("SELECT max(id) FROM deliveries WHERE install=@Install AND id<=@Through", new { mark.Install, mark.Through }), mark.Delivery));
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    private static IEnumerable<DeliveryFilter> Combinations(Guid clientId, NotificationId? notification, DeliveryId? before)
    {
        for (var bits = 0; bits < 1 << 8; bits++)
        {
            if ((Has(3) && notification is null) || (Has(7) && before is null))
            {
                continue;
            }

            foreach (var state in new PublicState?[] { null, PublicState.Pending, PublicState.Delivered, PublicState.Dead }.Where(_ => Has(6)).DefaultIfEmpty(null))
            {
                yield return new DeliveryFilter
                {
                    ClientId = Has(0) ? clientId : null,
                    Conversation = Has(1) ? "c1" : null,
                    EventType = Has(2) ? "x" : null,
                    Notification = Has(3) ? notification : null,
                    Since = Has(4) ? Start.AddMinutes(20) : null,
                    Until = Has(5) ? Start.AddMinutes(1200) : null,
                    State = state,
                    Before = Has(7) ? new ListPosition(before!.Value) : null,
                };
            }

            bool Has(int bit) => (bits & (1 << bit)) != 0;
        }
    }

    private List<DeliveryId> Pages(AccountId account, DeliveryFilter filter, int budget)
    {
        var found = new List<DeliveryId>();
        var last = long.MaxValue;
        for (ListPosition? before = null; ;)
        {
            using var connection = _database.OpenRead();
            var page = _store.List(connection, Number(account), filter with { Before = before }, budget);
            found.AddRange(page.Items.Select(item => item.Id));
            if (page.Next is not { } next)
            {
                return found;
            }

            Assert.True(next.Last.Value < last, "a page must lead on");
            (before, last) = (next, next.Last.Value);
        }
    }

    // Each delivery has the id after its notification's; every five thousandth is of the one, all others of the other install.
    private long Many(Install mine, Install others, int deliveries)
    {
        var first = _ledger.LastId() + 1;
        for (var i = 0; i < deliveries; i += 500)
        {
            var batch = new LedgerBatch();
            for (var j = 0; j < 500; j += 2)
            {
                var install = (i + j) % 10_000 == 0 ? mine : others;
                batch.Notifications.Add(new NotificationRow(first + i + j, Number(install.Account), 1, "c", Start, null, new byte[1]));
                batch.Deliveries.Add(new DeliveryRow(first + i + j + 1, install.Number, first + i + j, j, 1, _ledger.EventTypeNumber("x"), 1, Start));
            }

            _ledger.Commit(batch);
        }

        return first;
    }

    private sealed record Told(DeliveryId Id, Install Install, string Conversation, string EventType, PublicState State, DateTimeOffset At);
}
