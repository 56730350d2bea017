using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Deliveries;
using Sealpost.Deliveries.Replay;

namespace Sealpost.Storage.Sqlite;

/// <summary>Replays of ranges in SQLite. Deliveries are looked through in the order of their ids, each once for a job and once to be counted.</summary>
/// <param name="database">The store.</param>
/// <param name="conversationSeed">What conversation keys are made with.</param>
/// <param name="rowsPerLook">Rows of one look, some ten milliseconds.</param>
internal sealed class SqliteReplayStore(SqliteDatabase database, long conversationSeed, int rowsPerLook = 20_000) : IReplayStore
{
    /// <summary>Bytes that one step reads and commits, unless a single delivery has more.</summary>
    private const long BytesPerStep = 4 * 1024 * 1024;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const string Columns =
        """
        SELECT r.id AS Id, r.install AS Install, i.client_id AS ClientId, r.conversation AS Conversation, r.since AS Since, r.until AS Until,
          r.of AS Filter, r.through_id AS ThroughId, r.last_id AS LastId, r.total AS Total, r.done AS Done, r.skipped AS Skipped, r.state AS State,
          r.error AS Error, r.created_at AS CreatedAt, r.finished_at AS FinishedAt
        FROM replays r JOIN installs i ON i.number=r.install
        """;

    public ReplayJob? Create(int account, ReplayRange range, DateTimeOffset now)
    {
        var (first, last) = database.Read(connection => (
            AcceptanceTimes.FirstIdAt(connection, range.Since - AcceptanceTimes.Slack),
            AcceptanceTimes.FirstIdAt(connection, range.Until + AcceptanceTimes.Slack) - 1));
        return database.Write(connection =>
        {
            connection.Execute("DELETE FROM replays WHERE account=@account AND finished_at<@Old", new { account, Old = InstallRow.Time(now - Kept) });
            var id = connection.ExecuteScalar<long?>(
                """
                INSERT INTO replays(id, account, install, conversation, since, until, of, through_id, last_id, created_at)
                SELECT max(@Least, coalesce((SELECT max(id) FROM replays), 0)+1), @account, @Install, @Conversation, @Since, @Until, @Filter, @last, @Before, @Now
                WHERE NOT EXISTS (SELECT 1 FROM replays WHERE install=@Install AND state=0)
                RETURNING id
                """,
                new
                {
                    // As all ids, from the present time on: a restored backup never gives one again.
                    Least = now.ToUnixTimeMilliseconds() << 20,
                    account,
                    range.Install,
                    range.Conversation,
                    Since = InstallRow.Time(range.Since),
                    Until = InstallRow.Time(range.Until),
                    Filter = (int)range.Of,
                    last,
                    Before = first - 1,
                    Now = InstallRow.Time(now),
                });
            return id is { } made ? Find(connection, account, made) : null;
        });
    }

    public ReplayJob? Find(int account, ReplayId id) => database.Read(connection => Find(connection, account, id.Value));

    public List<ReplayJob> List(int account, int limit) => database.Read(connection => connection
        .Query<Row>($"{Columns} WHERE r.account=@account ORDER BY r.id DESC LIMIT @limit", new { account, limit })
        .Select(row => row.ToJob()).ToList());

    public List<ReplayJob> Running() => database.Read(connection => connection
        .Query<Row>($"{Columns} WHERE r.state=0 ORDER BY r.id").Select(row => row.ToJob()).ToList());

    public ReplayPage Look(ReplayJob job, long afterId, int most)
    {
        var (found, bytes) = (new List<DeliveryId>(), 0L);
        var (through, isEnd) = Each(job, afterId, (id, size) =>
        {
            if (found.Count == most || (found.Count > 0 && bytes + size > BytesPerStep))
            {
                return false;
            }

            found.Add(new DeliveryId(id));
            bytes += size;
            return true;
        });
        return new ReplayPage(found, through, isEnd);
    }

    public (long Count, long LookedThrough, bool IsEnd) Count(ReplayJob job, long afterId)
    {
        var count = 0L;
        var (through, isEnd) = Each(job, afterId, (_, _) => ++count > 0);
        return (count, through, isEnd);
    }

    public void SetTotal(ReplayId id, long total) => database.Write(connection =>
        connection.Execute("UPDATE replays SET total=@total WHERE id=@id", new { id = id.Value, total }));

    public bool Finish(ReplayId id, ReplayState state, string? error, DateTimeOffset now) => database.Write(connection => connection.Execute(
        """
        UPDATE replays SET state=@state, error=@error, finished_at=@now,
          skipped=iif(@state=@done, max(skipped, coalesce(total, 0)-done), skipped),
          total=iif(@state=@done, max(coalesce(total, 0), done+skipped), total)
        WHERE id=@id AND state=0
        """,
        new { id = id.Value, state = (int)state, done = (int)ReplayState.Done, error, now = InstallRow.Time(now) }) > 0);

    public List<DeliveryId> InLane(IReadOnlyCollection<DeliveryId> deliveries)
    {
        if (deliveries.Count == 0)
        {
            return [];
        }

        return database.Read(connection => connection
            .Query<long>("SELECT id FROM deliveries WHERE id IN @ids AND state=0 ORDER BY id", new { ids = deliveries.Select(id => id.Value) })
            .Select(id => new DeliveryId(id)).ToList());
    }

    private static ReplayJob? Find(SqliteConnection connection, int account, long id) => connection
        .QuerySingleOrDefault<Row>($"{Columns} WHERE r.account=@account AND r.id=@id", new { account, id })?.ToJob();

    // Until it is not taken, or enough has been looked at. Dead ones have an index; for others every delivery of the range is looked at.
    private (long Through, bool IsEnd) Each(ReplayJob job, long afterId, Func<long, int, bool> take) => database.Read(connection =>
    {
        var (range, key) = (job.Range, job.Range.Conversation is { } conversation ? Outboxes.ConversationKey.Of(conversationSeed, conversation) : default(long?));
        using var rows = new Statement(
            connection.Handle!,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                SELECT id, install, state, bytes, accepted_at, completed_at, conversation_key, notification FROM deliveries
                {(range.Of == ReplayFilter.Dead ? "INDEXED BY deliveries_dead WHERE install=?3 AND state=3 AND" : "WHERE ?3>0 AND")} id>?1 AND id<=?2
                ORDER BY id LIMIT {rowsPerLook}
                """));
        using var name = new Statement(connection.Handle!, "SELECT conversation FROM notifications WHERE id=?1");
        rows.Bind(1, afterId).Bind(2, job.ThroughId).Bind(3, range.Install);
        var (through, looked) = (afterId, 0);
        while (rows.Step())
        {
            if (IsOf() && !take(rows.Long(0), rows.Int(3)))
            {
                rows.Reset();
                return (through, false);
            }

            through = rows.Long(0);
            looked++;
        }

        return (through, looked < rowsPerLook);

        bool IsOf() => rows.Int(1) == range.Install
            && (range.Of == ReplayFilter.All ? rows.Int(2) >= (int)DeliveryState.Delivered : rows.Int(2) == (int)range.Of)
            && rows.Time(4) >= range.Since && rows.Time(4) < range.Until
            && rows.Time(5) <= job.CreatedAt
            && (key is null || (rows.Long(6) == key && IsNamed()));

        // Two conversations may meet in one key.
        bool IsNamed()
        {
            var isNamed = name.Bind(1, rows.Long(7)).Step() && name.Text(0) == range.Conversation;
            name.Reset();
            return isNamed;
        }
    });

    private sealed class Row
    {
        public long Id { get; init; }

        public int Install { get; init; }

        public string ClientId { get; init; } = "";

        public string? Conversation { get; init; }

        public long Since { get; init; }

        public long Until { get; init; }

        public int Filter { get; init; }

        public long ThroughId { get; init; }

        public long LastId { get; init; }

        public long? Total { get; init; }

        public long Done { get; init; }

        public long Skipped { get; init; }

        public int State { get; init; }

        public string? Error { get; init; }

        public long CreatedAt { get; init; }

        public long? FinishedAt { get; init; }

        public ReplayJob ToJob() => new()
        {
            Id = new ReplayId(Id),
            ClientId = ClientId,
            Range = new ReplayRange(Install, Conversation, Time(Since), Time(Until), (ReplayFilter)Filter),
            ThroughId = ThroughId,
            LastId = LastId,
            Total = Total,
            Done = Done,
            Skipped = Skipped,
            State = (ReplayState)State,
            Error = Error,
            CreatedAt = Time(CreatedAt),
            FinishedAt = FinishedAt is { } finishedAt ? Time(finishedAt) : null,
        };

        private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
