using Dapper;
using Sealpost.Deliveries;
using Sealpost.Deliveries.Replay;
using Sealpost.IntegrationTests.Support;
using Sealpost.Outboxes;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Storage;

public sealed class SqliteReplayStoreTests : IDisposable
{
    private const int Account = 1;
    private const int Mine = 1;
    private const int Others = 2;
    private const long Seed = 5;
    private const int RowsPerLook = 4;

    private static readonly DateTimeOffset Start = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteReplayStore _store;
    private long _lastId = 1_000;

    public SqliteReplayStoreTests()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        _store = new SqliteReplayStore(_database, Seed, RowsPerLook);
        _database.Write(connection =>
        {
            connection.Execute("INSERT INTO accounts(number, id, created_at, revision) VALUES(1, 'a', 0, 0)");
            connection.Execute(
                """
                INSERT INTO installs(number, account, client_id, client_name, manifest, secret, issued_at, revision, enabled)
                VALUES(1, 1, 'mine', 'mine', x'', x'', 0, 1, 1), (2, 1, 'others', 'others', x'', x'', 0, 1, 1)
                """);
        });
    }

    [Theory]
    [InlineData(nameof(ReplayFilter.All))]
    [InlineData(nameof(ReplayFilter.Delivered))]
    [InlineData(nameof(ReplayFilter.Dead))]
    public void A_job_finds_its_own_in_their_order_page_by_page_and_counts_as_many(string filter)
    {
        var of = Enum.Parse<ReplayFilter>(filter);
        var wanted = new List<DeliveryId>();
        var random = new Random(7);
        for (var i = 0; i < 100; i++)
        {
            var (install, state) = (random.Next(2) == 0 ? Mine : Others, (DeliveryState)random.Next(4));
            var id = Add(install, state);
            if (install == Mine && state >= DeliveryState.Delivered && (of == ReplayFilter.All || (int)state == (int)of))
            {
                wanted.Add(id);
            }
        }

        var job = Create(of: of)!;

        Assert.Equal(wanted, Found(job, most: 3));
        Assert.Equal(wanted.Count, Count(job));
        Assert.Null(job.Total);
        _store.SetTotal(job.Id, wanted.Count);
        Assert.Equal(wanted.Count, _store.Find(Account, job.Id)!.Total);
    }

    [Fact]
    public void The_range_is_from_since_until_before_until_and_of_its_conversation()
    {
        var ids = Enumerable.Range(0, 20).Select(i => Add(Mine, DeliveryState.Delivered, minutes: i * 10, conversation: i % 2 == 0 ? "even" : "odd")).ToList();

        Assert.Equal(ids[3..7], Found(Create(since: 30, until: 70)!));
        Assert.Equal([ids[4], ids[6]], Found(Create(Others + 1, since: 30, until: 70, conversation: "even")!, install: Mine));
    }

    [Fact]
    public void What_came_or_ended_after_the_job_was_made_is_none_of_its()
    {
        var id = Add(Mine, DeliveryState.Delivered);
        Add(Mine, DeliveryState.Dead, completed: 600);
        var job = Create(now: 500)!;
        Add(Mine, DeliveryState.Delivered);

        Assert.Equal([id], Found(job));
    }

    [Fact]
    public void A_step_takes_no_more_bytes_than_a_commit_bears_and_one_in_any_case()
    {
        var ids = Enumerable.Range(0, 3).Select(_ => Add(Mine, DeliveryState.Delivered, bytes: 3_000_000)).ToList();
        var job = Create()!;

        Assert.Equal([ids[0]], _store.Look(job, job.LastId, 100).Found);
        Assert.Equal(ids, Found(job, most: 100));
    }

    [Fact]
    public void An_install_has_one_running_job_and_its_ids_count_up()
    {
        var first = Create()!;
        Assert.Null(Create());
        Assert.Equal(first.Id, Assert.Single(_store.Running()).Id);
        Assert.NotNull(Create(Others));

        Assert.True(_store.Finish(first.Id, ReplayState.Cancelled, null, Start));
        Assert.False(_store.Finish(first.Id, ReplayState.Done, null, Start));
        var next = Create()!;
        Assert.True(next.Id.Value > first.Id.Value);
        Assert.Equal([next.Id, first.Id], _store.List(Account, 10).Where(job => job.Range.Install == Mine).Select(job => job.Id));
        Assert.Null(_store.Find(Account + 1, first.Id));
        Assert.Equal(ReplayState.Cancelled, _store.Find(Account, first.Id)!.State);
    }

    [Fact]
    public void A_job_that_is_done_counts_as_skipped_what_it_did_not_find_any_more()
    {
        var job = Create()!;
        _store.SetTotal(job.Id, 10);
        _database.Write(connection => connection.Execute("UPDATE replays SET done=6, skipped=1"));

        _store.Finish(job.Id, ReplayState.Done, null, Start.AddHours(1));

        var over = _store.Find(Account, job.Id)!;
        Assert.Equal((10, 6, 4, Start.AddHours(1)), (over.Total, over.Done, over.Skipped, over.FinishedAt));
    }

    [Fact]
    public void Jobs_that_ended_long_ago_are_forgotten()
    {
        var old = Create()!;
        _store.Finish(old.Id, ReplayState.Done, null, Start);
        Assert.NotNull(Create(Others, now: 31 * 24 * 60));
        Assert.Null(_store.Find(Account, old.Id));
    }

    [Fact]
    public void Only_what_is_in_its_lane_holds_a_job_up()
    {
        var ids = new[] { DeliveryState.InLane, DeliveryState.Waiting, DeliveryState.Delivered, DeliveryState.Dead, DeliveryState.InLane }.Select(state => Add(Mine, state)).ToList();

        Assert.Equal([ids[0], ids[4]], _store.InLane(ids));
        Assert.Empty(_store.InLane([]));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private DeliveryId Add(int install, DeliveryState state, int minutes = 0, string conversation = "talk", int bytes = 4, int completed = 0)
    {
        var (notification, delivery) = (++_lastId, ++_lastId);
        _database.Write(connection =>
        {
            connection.Execute(
                "INSERT INTO notifications(id, account, event_type, conversation, accepted_at, body) VALUES(@notification, 1, 1, @conversation, 0, x'00')",
                new { notification, conversation });
            connection.Execute(
                """
                INSERT INTO deliveries(id, install, notification, conversation_key, sequence, event_type, bytes, accepted_at, state, attempts, completed_at)
                VALUES(@delivery, @install, @notification, @key, 1, 1, @bytes, @at, @state, 1, @completed)
                """,
                new
                {
                    delivery,
                    install,
                    notification,
                    key = ConversationKey.Of(Seed, conversation),
                    bytes,
                    at = Ms(minutes),
                    state = (int)state,
                    completed = state >= DeliveryState.Delivered ? Ms(completed) : default(long?),
                });
        });
        return new DeliveryId(delivery);
    }

    private ReplayJob? Create(
        int install = Mine, int since = 0, int until = 1_000, string? conversation = null, ReplayFilter of = ReplayFilter.All, int now = 500) =>
        _store.Create(
            Account,
            new ReplayRange(install > Others ? Others : install, conversation, Start.AddMinutes(since), Start.AddMinutes(until), of),
            Start.AddMinutes(now));

    private List<DeliveryId> Found(ReplayJob job, int most = 100, int? install = null)
    {
        var (asked, found, after) = (job with { Range = job.Range with { Install = install ?? job.Range.Install } }, new List<DeliveryId>(), job.LastId);
        for (var turns = 0; ; turns++)
        {
            Assert.InRange(turns, 0, 1_000);
            var page = _store.Look(asked, after, most);
            Assert.InRange(page.Found.Count, 0, most);
            found.AddRange(page.Found);
            after = page.LookedThrough;
            if (page.IsEnd)
            {
                return found;
            }
        }
    }

    private long Count(ReplayJob job)
    {
        var (total, after) = (0L, job.LastId);
        for (var turns = 0; ; turns++)
        {
            Assert.InRange(turns, 0, 1_000);
            var (count, through, isEnd) = _store.Count(job, after);
            (total, after) = (total + count, through);
            if (isEnd)
            {
                return total;
            }
        }
    }

    private static long Ms(int minutes) => Start.AddMinutes(minutes).ToUnixTimeMilliseconds();
}
