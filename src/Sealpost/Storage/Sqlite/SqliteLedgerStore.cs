using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Retry;

namespace Sealpost.Storage.Sqlite;

/// <summary>The ledger's side of the store: group commits with prepared statements, and its look-ups on a connection of its own.</summary>
internal sealed class SqliteLedgerStore : ILedgerStore, IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly EventTypeNumbers _eventTypes;
    private readonly SqliteConnection _reading;
    private readonly BatchWriter _batches;
    private readonly ChoreWriter _chores;
    private readonly Statement _findAnswer;
    private readonly Statement _findReplayable;

    /// <param name="database">The store.</param>
    /// <param name="eventTypes">The numbers of event types.</param>
    /// <param name="endsGeneration">Deliveries after which the ends of their lanes are written.</param>
    public SqliteLedgerStore(SqliteDatabase database, EventTypeNumbers eventTypes, int endsGeneration = DeliveryEnds.DeliveriesPerGeneration)
    {
        _database = database;
        _eventTypes = eventTypes;
        _reading = database.OpenRead();
        Ends = database.ReadByWriter(() => new DeliveryEnds(new EndRows(database.WriterHandle), endsGeneration));
        _batches = new BatchWriter(database.WriterHandle, Ends);
        _chores = new ChoreWriter(database.WriterHandle, eventTypes);
        _findAnswer = new Statement(
            _reading.Handle!, "SELECT body_hash, answer, expires_at FROM idempotency WHERE account=?1 AND key=?2 AND expires_at>?3");
        _findReplayable = new Statement(
            _reading.Handle!,
            """
            SELECT n.account, d.event_type, n.event_type, n.conversation, coalesce(n.line, n.id), n.body
            FROM deliveries d JOIN notifications n ON n.id=d.notification
            WHERE d.id=?1 AND d.install=?2 AND d.state>=2 AND length(n.body)>0
            """);
        ConversationSeed = database.Write(_ => _chores.ReadOrMakeSeed(RandomNumberGenerator.GetBytes(sizeof(long))));
    }

    public long ConversationSeed { get; }

    /// <summary>The last delivery of each lane and of each install.</summary>
    public DeliveryEnds Ends { get; }

    public long LastId() => _database.Read(connection =>
    {
        using var last = new Statement(
            connection.Handle!,
            "SELECT max(coalesce((SELECT max(id) FROM notifications), 0), coalesce((SELECT max(id) FROM deliveries), 0))");
        last.Step();
        return last.Long(0);
    });

    public int EventTypeNumber(string name) => _eventTypes.NumberOf(name);

    public long LastSequence(int install, long conversationKey) =>
        _database.ReadByWriter(() => Ends.LastSequence(new LaneKey(install, conversationKey)));

    public StoredAnswer? FindAnswer(int account, string key, DateTimeOffset now) => _database.Guard(() =>
    {
        var answer = _findAnswer.Bind(1, account).Bind(2, key).Bind(3, now).Step()
            ? new StoredAnswer(
                account, new IdempotencyKey(key, _findAnswer.Blob(0).ToArray()), AnswerFormat.Read(_findAnswer.Blob(1)), _findAnswer.Time(2))
            : null;
        _findAnswer.Reset();
        return answer;
    });

    public ReplayableDelivery? FindReplayable(int install, long delivery) => _database.Guard(() =>
    {
        var found = _findReplayable.Bind(1, delivery).Bind(2, install).Step()
            ? new ReplayableDelivery
            {
                Account = _findReplayable.Int(0),
                EventType = _eventTypes.NameOf(_findReplayable.Int(1)),
                PublishedAs = _findReplayable.Int(2),
                Conversation = _findReplayable.Text(3),
                Line = _findReplayable.Long(4),
                Body = _findReplayable.Blob(5).ToArray(),
            }
            : null;
        _findReplayable.Reset();
        return found;
    });

    public void Commit(LedgerBatch batch)
    {
        try
        {
            _database.Write(_ => _batches.Write(batch));
        }
        catch
        {
            Ends.Discard();
            throw;
        }

        Ends.Committed();
    }

    public void Probe() => _database.Write(_ => _chores.Probe());

    public List<Removal> Removals(int? install = null) => _database.Read(connection =>
    {
        using var query = new Statement(
            connection.Handle!, "SELECT install, event_type, from_id, through_id, reason, conversation_key FROM removals WHERE ?1 IS NULL OR install=?1");
        query.Bind(1, install);
        var removals = new List<Removal>();
        while (query.Step())
        {
            var eventType = query.IsNull(1) ? null : _eventTypes.NameOf(query.Int(1));
            removals.Add(new Removal(query.Int(0), eventType, query.Long(2), query.Long(3), DeadReasons.Parse(query.Text(4)), query.IsNull(5) ? null : query.Long(5)));
        }

        return removals;
    });

    public List<RemovedDelivery> Remove(Removal removal, DateTimeOffset now, int limit) =>
        _database.Write(_ => _chores.Remove(removal, now, limit));

    public bool AddRemoval(Removal removal) => _database.Write(connection =>
    {
        using var add = new Statement(
            connection.Handle!,
            """
            INSERT INTO removals(install, from_id, through_id, reason, conversation_key)
            SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?5 IS NOT NULL OR EXISTS (SELECT 1 FROM deliveries WHERE install=?1 AND id=?2 AND state<2)
            """);
        add.Bind(1, removal.Install).Bind(2, removal.FromId).Bind(3, removal.ThroughId).Bind(4, removal.Reason.ToWire())
            .Bind(5, removal.ConversationKey).Run();
        return SQLitePCL.raw.sqlite3_changes(connection.Handle!) > 0;
    });

    public List<BacklogRow> ReturnWaiting(int install, bool keepDue, int limit) =>
        _database.Write(_ => _chores.ReturnWaiting(install, keepDue, limit));

    public SweptBatch Expire(
        int install, DateTimeOffset acceptedThrough, DeadReason reason, IReadOnlySet<long> except, DateTimeOffset now, int limit) =>
        _database.Write(_ => _chores.Expire(install, acceptedThrough, reason, except, now, limit));

    public int ForgetAnswers(DateTimeOffset now, int limit) => _database.Write(_ => _chores.ForgetAnswers(now, limit));

    public void Dispose()
    {
        _batches.Dispose();
        _chores.Dispose();
        Ends.Dispose();
        _findAnswer.Dispose();
        _findReplayable.Dispose();
        _reading.Dispose();
    }
}
