using Microsoft.Data.Sqlite;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// Finds times among ids: both count up with acceptance, so a binary search over the primary key does what an index of times
/// would, and costs the accepting of events nothing.
/// </summary>
internal static class AcceptanceTimes
{
    /// <summary>How far the clock may have been set back without a delivery being overlooked: bounds are widened by it.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>The first id that was accepted at this time or later; above all ids when there is none.</summary>
    public static long FirstIdAt(SqliteConnection connection, DateTimeOffset time)
    {
        using var next = new Statement(connection.Handle!, "SELECT id, accepted_at FROM deliveries WHERE id>=?1 ORDER BY id LIMIT 1");
        var (low, high) = Ends(connection);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var isEarlier = next.Bind(1, middle).Step() && next.Time(1) < time;
            (low, high) = isEarlier ? (next.Long(0) + 1, high) : (low, middle);
            next.Reset();
        }

        return low;
    }

    private static (long Low, long High) Ends(SqliteConnection connection)
    {
        using var ends = new Statement(
            connection.Handle!, "SELECT coalesce((SELECT min(id) FROM deliveries), 0), coalesce((SELECT max(id) FROM deliveries), 0) + 1");
        ends.Step();
        return (ends.Long(0), ends.Long(1));
    }
}
