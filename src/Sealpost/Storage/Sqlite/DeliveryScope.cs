using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Deliveries;

namespace Sealpost.Storage.Sqlite;

/// <summary>A filter in the store's own terms: numbers for names, and the range of ids that can match.</summary>
internal sealed record DeliveryScope
{
    /// <summary>The least id that can match.</summary>
    public required long From { get; init; }

    /// <summary>Above every id that can match.</summary>
    public required long Before { get; init; }

    public required long? Since { get; init; }

    public required long? Until { get; init; }

    public required long? EventType { get; init; }

    public required string? Conversation { get; init; }

    public required long? ConversationKey { get; init; }

    public required PublicState? State { get; init; }

    /// <summary>One more than the page has, so that it is known whether there is a next.</summary>
    public required int Limit { get; init; }

    /// <summary>Null: nothing can match.</summary>
    public static DeliveryScope? Of(SqliteConnection connection, int account, DeliveryFilter filter, long? conversationKey)
    {
        var before = filter.Before?.Value ?? long.MaxValue;
        var from = 0L;
        if (filter.Notification is { } notification)
        {
            if (!IsKnown(connection, account, notification.Value))
            {
                return null;
            }

            from = notification.Value;
            before = Math.Min(before, EndOf(connection, notification.Value));
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
            Conversation = filter.Conversation,
            ConversationKey = conversationKey,
            State = filter.State,
            Limit = filter.Limit + 1,
        };
    }

    // The first of a line's parts may have had no subscriber and not be stored: then the next row is another part of the line.
    private static bool IsKnown(SqliteConnection connection, int account, long notification) => connection.ExecuteScalar<bool>(
        "SELECT coalesce(line, id)=@notification AND account=@account FROM notifications WHERE id>=@notification ORDER BY id LIMIT 1",
        new { account, notification });

    // Deliveries are given their ids right behind their notification's, and the parts of one line follow one another.
    private static long EndOf(SqliteConnection connection, long notification) => connection.ExecuteScalar<long?>(
        "SELECT id FROM notifications WHERE id>@notification AND line IS NOT @notification ORDER BY id LIMIT 1", new { notification }) ?? long.MaxValue;
}
