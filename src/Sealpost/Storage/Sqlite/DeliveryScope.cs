using System.IO.Hashing;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Deliveries;

namespace Sealpost.Storage.Sqlite;

/// <summary>A filter in the store's own terms: numbers for names, and the range of ids that can match.</summary>
internal sealed record DeliveryScope
{
    private const int MaxReplays = 10_000;

    /// <summary>The least id that can match.</summary>
    public required long From { get; init; }

    /// <summary>Above every id that can match.</summary>
    public required long Before { get; init; }

    public required long? Since { get; init; }

    public required long? Until { get; init; }

    public required long? EventType { get; init; }

    public required long? ConversationKey { get; init; }

    public required PublicState? State { get; init; }

    /// <summary>What the page has at most.</summary>
    public required int Limit { get; init; }

    /// <summary>From this id on no row is missing.</summary>
    public required long Floor { get; init; }

    /// <summary>All installs and conversations of the account.</summary>
    public required bool IsWide { get; init; }

    public required bool IsOfNotification { get; init; }

    /// <summary>The replays of the notification that is asked for, newest first: they do not lie behind it.</summary>
    public IReadOnlyList<long> Replays { get; init; } = [];

    /// <summary>Where the chains go on below <see cref="Before"/>, all of them; null where the page before could not say.</summary>
    public IReadOnlyList<long>? Heads { get; init; }

    /// <summary>More is asked for than the installs, the state and the range of ids.</summary>
    public bool IsNarrowed => (EventType ?? Since ?? Until) is not null;

    /// <summary>Whether a row of an install in the scope is asked for. Two conversations may meet in one key: who reads their names looks again.</summary>
    public bool Matches(ListRow row) => row.IsIn(State)
        && (EventType is null || row.EventType == EventType)
        && (ConversationKey is null || row.ConversationKey == ConversationKey)
        && (Since is null || row.AcceptedAt >= Since)
        && (Until is null || row.AcceptedAt < Until);

    /// <summary>Null: nothing can match.</summary>
    public static DeliveryScope? Of(SqliteConnection connection, int account, DeliveryFilter filter, long? conversationKey)
    {
        var before = filter.Before?.Last.Value ?? long.MaxValue;
        var from = 0L;
        IReadOnlyList<long> replays = [];
        if (filter.Notification is { } notification)
        {
            if (!IsKnown(connection, account, notification.Value))
            {
                return null;
            }

            from = notification.Value;
            var end = EndOf(connection, notification.Value);
            replays = ReplaysOf(connection, from, end, before);
            before = Math.Min(before, end);
        }

        long? eventType = null;
        if (filter.EventType is not null)
        {
            eventType = connection.ExecuteScalar<long?>("SELECT number FROM event_types WHERE name=@EventType", new { filter.EventType });
            if (eventType is null)
            {
                return null;
            }
        }

        return new DeliveryScope
        {
            From = filter.Since is { } since ? Math.Max(from, AcceptanceTimes.FirstIdAt(connection, since - AcceptanceTimes.Slack)) : from,
            Before = filter.Until is { } until ? Math.Min(before, AcceptanceTimes.FirstIdAt(connection, until + AcceptanceTimes.Slack)) : before,
            Since = InstallRow.Time(filter.Since),
            Until = InstallRow.Time(filter.Until),
            EventType = eventType,
            ConversationKey = conversationKey,
            State = filter.State,
            Limit = filter.Limit,
            Floor = RetainedFrom.Read(connection.Handle!),
            IsWide = filter.ClientId is null && conversationKey is null,
            IsOfNotification = filter.Notification is not null,
            Replays = replays,
            Heads = filter.Before?.Heads is [var chains, ..] heads && chains == ChainsOf(filter) ? [.. heads.Skip(1)] : null,
        };
    }

    /// <summary>Tells apart which chains a list follows: heads of others would leave some out.</summary>
    public static long ChainsOf(DeliveryFilter filter) =>
        (long)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{filter.ClientId} {filter.Conversation}")) >> 4);

    // The first of a line's parts may have had no subscriber and not be stored: then the next row is another part of the line.
    private static bool IsKnown(SqliteConnection connection, int account, long notification) => connection.ExecuteScalar<bool>(
        "SELECT coalesce(line, id)=@notification AND account=@account FROM notifications WHERE id>=@notification ORDER BY id LIMIT 1",
        new { account, notification });

    // Deliveries are given their ids right behind their notification's, and the parts of one line follow one another.
    private static long EndOf(SqliteConnection connection, long notification) => connection.ExecuteScalar<long?>(
        "SELECT id FROM notifications WHERE id>@notification AND line IS NOT @notification ORDER BY id LIMIT 1", new { notification }) ?? long.MaxValue;

    private static List<long> ReplaysOf(SqliteConnection connection, long from, long end, long before) =>
    [
        .. connection.Query<long>(
            $"SELECT id FROM deliveries INDEXED BY deliveries_replayed WHERE replay_of IS NOT NULL AND notification>=@from AND notification<@end AND id<@before LIMIT {MaxReplays}",
            new { from, end, before }).OrderDescending(),
    ];
}
