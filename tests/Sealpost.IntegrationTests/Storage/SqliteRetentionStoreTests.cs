using Dapper;
using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Deliveries.Retention;
using Sealpost.Installs;
using Sealpost.IntegrationTests.Support;
using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Storage.Sqlite;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Storage;

/// <summary>Deliveries are accepted a minute apart; each is completed five seconds after the start where nothing else is said.</summary>
public sealed class SqliteRetentionStoreTests : DeliveryStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteLedgerStore _ledger;
    private readonly SqliteRetentionStore _retention;

    public SqliteRetentionStoreTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        var eventTypes = new EventTypeNumbers(_database);
        _ledger = new SqliteLedgerStore(_database, eventTypes, endsGeneration: 64);
        Accounts = new SqliteAccountStore(_database);
        Installs = new SqliteInstallStore(
            _database, MasterKey.Open(_folder.File("master.key"), null, new SqliteKeyCheck(_database)), eventTypes, TimeProvider.System);
        Store = new SqliteDeliveryStore(_database, _ledger.ConversationSeed, _ledger.Ends);
        _retention = new SqliteRetentionStore(_database, _ledger.Ends);
    }

    private protected override IDeliveryStore Store { get; }

    private protected override ILedgerStore Ledger => _ledger;

    private protected override IAccountStore Accounts { get; }

    private protected override IInstallStore Installs { get; }

    [Fact]
    public void What_is_over_and_old_goes_with_its_notification_and_what_is_pending_or_young_stays()
    {
        var install = App(AccountId.Parse("a"), "one");
        var ids = Told(install, 6);
        Record(Delivered(ids[0]));
        Record(Dead(ids[1]));
        Record(Delivered(ids[3]) with { At = Start.AddHours(1) });
        Record(Delivered(ids[5]));

        Assert.Equal(2, ClearAll(Start.AddMinutes(5)));
        Assert.Equal([ids[5], ids[4], ids[3], ids[2]], List(new DeliveryFilter()));
        Assert.Equal(4, Count("notifications"));

        // It was over too late the first time.
        Assert.Equal(2, ClearAll(Start.AddDays(1)));
        Assert.Equal([ids[4], ids[2]], List(new DeliveryFilter()));
        Assert.Equal([ids[4], ids[2]], List(new DeliveryFilter { Conversation = "c" }));
        Assert.Equal([ids[4], ids[2]], List(new DeliveryFilter { ClientId = install.ClientId, State = PublicState.Pending }));
    }

    [Fact]
    public void A_notification_stays_as_long_as_one_of_its_deliveries_or_a_replay()
    {
        var (one, two) = (App(AccountId.Parse("a"), "one"), App(AccountId.Parse("a"), "two"));
        var first = Accept(one, "c");
        var notification = first.Value - 1;
        var second = Also(two, notification, "c");
        Record(Delivered(first));
        Assert.Equal(1, ClearAll(Start.AddDays(1)));
        Assert.True(IsThere());

        var replay = Replay(two, second, notification);
        Record(Delivered(second));
        Assert.Equal(1, ClearAll(Start.AddDays(1)));
        Assert.True(IsThere());
        Assert.Equal([replay], List(new DeliveryFilter { Notification = new NotificationId(notification) }));
        Record(Delivered(replay));
        Assert.Equal(1, ClearAll(Start.AddDays(1)));
        Assert.False(IsThere());

        bool IsThere() => _database.Read(connection => connection.ExecuteScalar<bool>("SELECT count(*) FROM notifications WHERE id=@notification", new { notification }));
    }

    [Fact]
    public void A_notification_stays_for_its_pending_delivery_behind_one_that_was_erased()
    {
        var (one, two, three) = (App(AccountId.Parse("a"), "one"), App(AccountId.Parse("a"), "two"), App(AccountId.Parse("a"), "three"));
        var first = Accept(one, "c");
        var (second, third) = (Also(two, first.Value - 1, "c"), Also(three, first.Value - 1, "c"));
        Record(Delivered(first));
        Record(Delivered(second));
        Assert.Equal((1, 0), new SqliteErasureStore(_database, _ledger.Ends).Erase([first, third]));
        Assert.Equal(2, ClearAll(Start.AddDays(1)));
        Assert.Equal(1, Count("notifications"));
        Assert.NotNull(Store.Find(Number(AccountId.Parse("a")), third));
    }

    [Fact]
    public void Every_list_ends_cleanly_at_whatever_was_left()
    {
        var random = new Random(5);
        Install[] installs = [App(AccountId.Parse("a"), "one"), App(AccountId.Parse("a"), "two"), App(AccountId.Parse("a"), "three")];
        var told = new List<(DeliveryId Id, Install Install, string Conversation, bool IsLeft, bool IsPending)>();
        for (var i = 0; i < 1500; i++)
        {
            var (install, conversation) = (installs[i % 50 == 49 ? 2 : random.Next(2)], $"c{random.Next(4)}");
            var id = Accept(install, conversation, i + 1, Start.AddMinutes(i));
            var isPending = random.Next(30) == 0;
            if (!isPending)
            {
                Record(random.Next(10) == 0 ? Dead(id) : Delivered(id));
            }

            told.Add((id, install, conversation, isPending || i >= 900, isPending));
        }

        ClearAll(Start.AddMinutes(900));
        while (_retention.ClearEnds())
        {
        }

        foreach (var conversation in new[] { null, "c0", "c3" })
        {
            foreach (var install in installs.Append(null))
            {
                foreach (var state in new PublicState?[] { null, PublicState.Pending })
                {
                    var filter = new DeliveryFilter { Conversation = conversation, ClientId = install?.ClientId, State = state, Limit = 7 };
                    var expected = told.Where(one => one.IsLeft
                        && (conversation is null || one.Conversation == conversation)
                        && (install is null || one.Install == install)
                        && (state is null || one.IsPending));
                    Assert.Equal(expected.Select(one => one.Id).Reverse(), Pages(filter));
                }
            }
        }
    }

    [Fact]
    public void A_lane_of_which_nothing_is_left_starts_anew_and_one_with_something_pending_counts_on()
    {
        var (quiet, busy) = (App(AccountId.Parse("a"), "one"), App(AccountId.Parse("a"), "two"));
        var over = Told(quiet, 3);
        over.ForEach(id => Record(Delivered(id)));
        var held = Told(busy, 3);
        Record(Delivered(held[1]));
        Record(Delivered(held[2]));
        for (var i = 0; i < 40; i++)
        {
            Record(Delivered(Accept(quiet, $"fresh{i}", 1, Start.AddDays(2))));
        }

        Settle();
        Assert.Equal(5, ClearAll(Start.AddDays(1)));
        while (_retention.ClearEnds())
        {
        }

        using var again = new SqliteLedgerStore(_database, new EventTypeNumbers(_database));
        var key = ConversationKey.Of(_ledger.ConversationSeed, "c");
        Assert.Equal(0, again.LastSequence(quiet.Number, key));
        Assert.Equal(3, again.LastSequence(busy.Number, key));
    }

    [Fact]
    public void The_file_uses_its_free_pages_again_and_gives_many_of_them_back()
    {
        var install = App(AccountId.Parse("a"), "one");
        Fill(install, 6000);
        var full = Pages();
        Assert.Equal(6000, ClearAll(Start.AddYears(1)));
        Assert.Equal(full, Pages());
        Fill(install, 5000);
        Assert.Equal(full, Pages(), full / 50);

        ClearAll(Start.AddYears(1));
        var steps = 0;
        while (_retention.GiveBack())
        {
            Assert.InRange(++steps, 0, 1000);
        }

        Assert.InRange(Pages(), 1, 2300);
        Assert.True(_database.EmptyLog());
        Assert.InRange(new FileInfo(_folder.File("sealpost.db")).Length, 1, 2300L * 16384);
        Assert.Equal("ok", _database.Read(connection => connection.ExecuteScalar<string>("PRAGMA integrity_check")));
    }

    public void Dispose()
    {
        _retention.Dispose();
        _ledger.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    private List<DeliveryId> Told(Install install, int deliveries) =>
        [.. Enumerable.Range(0, deliveries).Select(i => Accept(install, "c", i + 1, Start.AddMinutes(i)))];

    private int ClearAll(DateTimeOffset overBefore)
    {
        var removed = 0;
        for (var batch = new ClearedBatch(0, 0, IsLast: false); !batch.IsLast; removed += batch.Deliveries)
        {
            batch = _retention.Clear(batch.Through, overBefore);
        }

        return removed;
    }

    // Small generations: the ends of all lanes are in their table after some more commits.
    private void Settle()
    {
        var other = App(AccountId.Parse("z"), "z");
        for (var i = 0; i < 300; i++)
        {
            Accept(other, $"z{i % 3}", i + 1, Start.AddDays(3));
        }
    }

    private DeliveryId Also(Install install, long notification, string conversation)
    {
        var batch = new LedgerBatch();
        var id = new DeliveryId(NextId());
        batch.Deliveries.Add(new DeliveryRow(id.Value, install.Number, notification, ConversationKey.Of(_ledger.ConversationSeed, conversation), 1, 1, 7, Start));
        _ledger.Commit(batch);
        return id;
    }

    private DeliveryId Replay(Install install, DeliveryId of, long notification)
    {
        Accept(install, "another", at: Start.AddSeconds(1));
        var replay = Also(install, notification, "c");
        _database.Write(connection => { connection.Execute("UPDATE deliveries SET replay_of=@of WHERE id=@id", new { of = of.Value, id = replay.Value }); });
        return replay;
    }

    private void Fill(Install install, int deliveries)
    {
        for (var i = 0; i < deliveries; i += 500)
        {
            var batch = new LedgerBatch();
            for (var j = 0; j < 500; j++)
            {
                var (notification, id) = (NextId(), NextId());
                batch.Notifications.Add(new NotificationRow(notification, Number(install.Account), 1, "c", Start, null, new byte[12_000]));
                batch.Deliveries.Add(new DeliveryRow(id, install.Number, notification, j, 1, 1, 12_000, Start));
                batch.Records.Outcomes.Add(Delivered(new DeliveryId(id)));
            }

            _ledger.Commit(batch);
        }
    }

    private List<DeliveryId> Pages(DeliveryFilter filter)
    {
        var found = new List<DeliveryId>();
        for (ListPosition? before = null; ;)
        {
            var page = Store.List(Number(AccountId.Parse("a")), filter with { Before = before });
            found.AddRange(page.Items.Select(item => item.Id));
            if (page.Next is null)
            {
                return found;
            }

            before = page.Next;
        }
    }

    private long Count(string table) => _database.Read(connection => connection.ExecuteScalar<long>($"SELECT count(*) FROM {table}"));

    private long Pages() => _database.Read(connection => connection.ExecuteScalar<long>("PRAGMA page_count"));
}
