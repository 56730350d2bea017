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

        // Few enough that lists begin in memory, at what is being written, and at what is in the table alone.
        _ledger = new SqliteLedgerStore(_database, eventTypes, endsGeneration: 64);
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
        var mine = Talk(quiet, deliveries: 400);
        var others = App(busy, "one");
        _database.Write(connection =>
        {
            connection.Execute(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<20500)
                INSERT INTO deliveries(id, install, notification, conversation_key, sequence, event_type, bytes, accepted_at, state, attempts)
                SELECT @first+1+i, @Number, @first-1, i, 1, 1, 1, @at, 2, 1 FROM n
                """,
                new { first = mine[^1].Id.Value, others.Number, at = Start.ToUnixTimeMilliseconds() });
        });

        Finds(quiet, mine, new DeliveryFilter(), _ => true);
        Finds(quiet, mine, new DeliveryFilter { State = PublicState.Delivered }, one => one.IsDelivered);
        Finds(quiet, mine, new DeliveryFilter { State = PublicState.Pending }, one => !one.IsDelivered);
        Finds(quiet, mine, new DeliveryFilter { ClientId = mine[0].Install.ClientId }, one => one.Install == mine[0].Install);
        Assert.True(Store.List(Number(busy), new DeliveryFilter()).HasMore);
    }

    [Fact]
    public void A_conversation_is_found_page_by_page_over_all_installs_also_over_those_that_had_little_of_it()
    {
        var account = AccountId.Parse("a");
        Talk(AccountId.Parse("b"), deliveries: 200);
        var talk = Talk(account, deliveries: 900);
        foreach (var conversation in new[] { "c0", "c1", "c6" })
        {
            Finds(account, talk, new DeliveryFilter { Conversation = conversation }, one => one.Conversation == conversation);
            Finds(
                account, talk, new DeliveryFilter { Conversation = conversation, State = PublicState.Pending },
                one => one.Conversation == conversation && !one.IsDelivered);
            foreach (var install in talk.Select(one => one.Install).Distinct())
            {
                Finds(
                    account, talk, new DeliveryFilter { Conversation = conversation, ClientId = install.ClientId },
                    one => one.Conversation == conversation && one.Install == install);
            }

            var (since, until) = (talk[250].At, talk[700].At);
            Finds(
                account, talk, new DeliveryFilter { Conversation = conversation, Since = since, Until = until },
                one => one.Conversation == conversation && one.At >= since && one.At < until);
        }
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    // Three installs, of which the last gets one in a hundred; some of what is told is delivered.
    private List<Told> Talk(AccountId account, int deliveries)
    {
        var (random, told, sequences) = (new Random(deliveries), new List<Told>(), new Dictionary<(Install, string), int>());
        Install[] installs = [App(account, "one"), App(account, "two"), App(account, "three")];
        for (var i = 0; i < deliveries; i++)
        {
            var install = i % 100 == 99 ? installs[2] : installs[random.Next(2)];
            var conversation = $"c{random.Next(random.Next(1, 8))}";
            var sequence = sequences[(install, conversation)] = sequences.GetValueOrDefault((install, conversation)) + 1;
            var at = Start.AddMinutes(i);
            var id = Accept(install, conversation, sequence, at);
            var isDelivered = random.Next(3) == 0;
            if (isDelivered)
            {
                Record(Delivered(id));
            }

            told.Add(new Told(id, install, conversation, at, isDelivered));
        }

        return told;
    }

    private void Finds(AccountId account, List<Told> told, DeliveryFilter filter, Func<Told, bool> matches)
    {
        var (found, page) = (new List<DeliveryId>(), Store.List(Number(account), filter with { Limit = 9 }));
        found.AddRange(page.Items.Select(item => item.Id));
        while (page.HasMore)
        {
            page = Store.List(Number(account), filter with { Limit = 9, Before = page.Next });
            found.AddRange(page.Items.Select(item => item.Id));
        }

        Assert.Equal(told.Where(matches).Select(one => one.Id).Reverse(), found);
    }

    private sealed record Told(DeliveryId Id, Install Install, string Conversation, DateTimeOffset At, bool IsDelivered);
}
