using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Deliveries;
using Sealpost.Sending;

namespace Sealpost.Storage.Sqlite;

/// <summary>Looks deliveries up, each time on a reading connection from the pool and in one snapshot.</summary>
/// <param name="database">The store.</param>
/// <param name="conversationSeed">What conversation keys are made with.</param>
/// <param name="ends">Where lists begin.</param>
internal sealed class SqliteDeliveryStore(SqliteDatabase database, long conversationSeed, DeliveryEnds ends) : IDeliveryStore
{
    private const string Columns =
        """
        d.id AS Id, coalesce(n.line, n.id) AS Notification, d.install AS Install, i.client_id AS ClientId, n.conversation AS Conversation,
        d.conversation_key AS ConversationKey, t.name AS EventType, d.sequence AS Sequence, d.state AS State, d.reason AS Reason,
        d.accepted_at AS AcceptedAt, d.completed_at AS CompletedAt, d.attempts AS Attempts, d.due_at AS DueAt, d.last_status AS LastStatus,
        d.last_error AS LastError, d.duration AS Duration, d.route AS Route, d.replay_of AS ReplayOf
        """;

    private const string Tables =
        """
        FROM deliveries d
        JOIN notifications n ON n.id=d.notification
        JOIN installs i ON i.number=d.install
        JOIN event_types t ON t.number=d.event_type
        """;

    public DeliveryPage List(int account, DeliveryFilter filter) => database.Read(connection => List(connection, account, filter));

    /// <summary>The same on a connection of the caller's.</summary>
    /// <param name="connection">Outside a transaction.</param>
    /// <param name="account">Whose deliveries.</param>
    /// <param name="filter">Which.</param>
    /// <param name="budget">Rows that the page may cost.</param>
    internal DeliveryPage List(SqliteConnection connection, int account, DeliveryFilter filter, int budget = DeliveryRows.DefaultBudget)
    {
        var key = filter.Conversation is { } conversation ? Outboxes.ConversationKey.Of(conversationSeed, conversation) : default(long?);
        var starts = ChainStart.Of(connection, account, filter.ClientId is { } id ? InstallRow.Text(id) : null, key, ends);
        using var snapshot = connection.BeginTransaction(deferred: true);
        if (DeliveryScope.Of(connection, account, filter, key) is not { } scope)
        {
            return new DeliveryPage([], Next: null);
        }

        using var rows = new DeliveryRows(connection.Handle!, budget);
        var (ids, next, heads) = new DeliveryPicks(connection.Handle!, rows, scope, starts).Find();

        // Two conversations may meet in one key.
        var found = connection.Query<Row>($"SELECT {Columns} {Tables} WHERE d.id IN @ids", new { ids })
            .Where(row => filter.Conversation is null || row.Conversation == filter.Conversation)
            .OrderByDescending(row => row.Id);
        var position = next is { } last
            ? new ListPosition(new DeliveryId(last)) { Heads = heads is null ? [] : [DeliveryScope.ChainsOf(filter), .. heads] }
            : null;
        return new DeliveryPage([.. found.Select(row => row.ToDelivery())], position);
    }

    public WholeDelivery? Find(int account, DeliveryId id) => Read(connection =>
    {
        var row = connection.QuerySingleOrDefault<Row>(
            $"SELECT {Columns}, n.body AS Body {Tables} WHERE d.id=@id AND i.account=@account AND d.state<4", new { id = id.Value, account });
        return row is null ? null : new WholeDelivery(row.ToDelivery(), row.Body!);
    });

    public DeliveryId? FirstPending(int install, long conversationKey, long fromSequence) => Read(connection =>
        connection.ExecuteScalar<long?>(
            """
            SELECT id FROM deliveries INDEXED BY deliveries_backlog
            WHERE install=@install AND state=0 AND conversation_key=@conversationKey AND sequence>=@fromSequence ORDER BY id LIMIT 1
            """,
            new { install, conversationKey, fromSequence }) is { } id
            ? new DeliveryId(id)
            : (DeliveryId?)null);

    private T Read<T>(Func<SqliteConnection, T> read) => database.Read(connection =>
    {
        using var snapshot = connection.BeginTransaction(deferred: true);
        return read(connection);
    });

    private sealed class Row
    {
        public long Id { get; init; }

        public long Notification { get; init; }

        public int Install { get; init; }

        public string ClientId { get; init; } = "";

        public string Conversation { get; init; } = "";

        public long ConversationKey { get; init; }

        public string EventType { get; init; } = "";

        public long Sequence { get; init; }

        public int State { get; init; }

        public string? Reason { get; init; }

        public long AcceptedAt { get; init; }

        public long? CompletedAt { get; init; }

        public int Attempts { get; init; }

        public long? DueAt { get; init; }

        public int? LastStatus { get; init; }

        public string? LastError { get; init; }

        public long? Duration { get; init; }

        public int? Route { get; init; }

        public long? ReplayOf { get; init; }

        public byte[]? Body { get; init; }

        public ListedDelivery ToDelivery() => new()
        {
            Id = new DeliveryId(Id),
            Notification = new NotificationId(Notification),
            Install = Install,
            ClientId = ClientId,
            Conversation = Conversation,
            ConversationKey = ConversationKey,
            EventType = EventType,
            Sequence = Sequence,
            State = (DeliveryState)State,
            Reason = Reason,
            AcceptedAt = Time(AcceptedAt),
            CompletedAt = CompletedAt is { } completedAt ? Time(completedAt) : null,
            Attempts = Attempts,
            DueAt = DueAt is { } dueAt ? Time(dueAt) : null,
            LastStatus = LastStatus,
            LastError = LastError,
            LastDuration = Duration is { } duration ? TimeSpan.FromMilliseconds(duration) : null,
            LastRoute = (Route)(Route ?? 0),
            ReplayOf = ReplayOf is { } replayOf ? new DeliveryId(replayOf) : null,
        };

        private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
