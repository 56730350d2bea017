using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Deliveries;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// Finds the newest ids in a scope, each way by an index: (1) a conversation by its lanes, (2) dead and pending ones by their
/// own small indexes, (3) all others backwards by the primary key, while the account has its share of what is recent,
/// (4) else by the lanes of its installs.
/// </summary>
/// <remarks>
/// An index over (install, id) would do (3) and (4) in one. It is not there: with 500 installs at work it made the
/// writing cost over a third more CPU, for a look that is rare.
/// </remarks>
internal static class DeliveryPicks
{
    /// <summary>Rows that (3) looks at, some ten milliseconds.</summary>
    private const int RecentRows = 20_000;

    private const string InstallsInScope = "SELECT number FROM installs WHERE account=@Account AND (@ClientId IS NULL OR client_id=@ClientId)";

    /// <summary>At most <see cref="DeliveryScope.Limit"/> ids, newest first.</summary>
    public static List<long> Find(SqliteConnection connection, DeliveryScope scope) => scope.ConversationKey is not null
        ? ByInstall(connection, scope, ("deliveries_lane", "d.conversation_key=@ConversationKey AND", "d.sequence"))
        : scope.State switch
        {
            PublicState.Dead => ByInstall(connection, scope, ("deliveries_dead", "", "d.id")),
            PublicState.Pending => ByInstall(
                connection, scope, ("deliveries_backlog", "d.state=0 AND", "d.id"), ("deliveries_waiting", "d.state=1 AND", "d.id")),
            PublicState.Delivered or null =>
                Recent(connection, scope) ?? ByInstall(connection, scope, ("deliveries_lane", "", "d.id")),
        };

    // Null: the page is not full, and there are older rows that were not looked at.
    private static List<long>? Recent(SqliteConnection connection, DeliveryScope scope)
    {
        var recent = string.Create(
            CultureInfo.InvariantCulture, $"SELECT * FROM deliveries WHERE id>=@From AND id<@Before ORDER BY id DESC LIMIT {RecentRows}");
        var ids = connection.Query<long>(
            $"SELECT d.id FROM ({recent}) d WHERE {Conditions(scope)} d.install IN ({InstallsInScope}) ORDER BY d.id DESC LIMIT @Limit", scope).AsList();
        return ids.Count == scope.Limit || connection.ExecuteScalar<long>($"SELECT count(*) FROM ({recent})", scope) < RecentRows ? ids : null;
    }

    private static List<long> ByInstall(SqliteConnection connection, DeliveryScope scope, params (string Index, string Key, string Order)[] ways)
    {
        var newest = new List<long>();
        foreach (var install in connection.Query<int>(InstallsInScope, scope).AsList())
        {
            foreach (var (index, key, order) in ways)
            {
                newest.AddRange(connection.Query<long>(
                    $"""
                    SELECT d.id FROM deliveries d INDEXED BY {index}
                    WHERE d.install=@install AND {key} {Conditions(scope)} d.id>=@From AND d.id<@Before
                    ORDER BY {order} DESC LIMIT @Limit
                    """,
                    Parameters(scope, install, newest)));
            }

            if (newest.Count > scope.Limit)
            {
                newest.Sort();
                newest.Reverse();
                newest.RemoveRange(scope.Limit, newest.Count - scope.Limit);
            }
        }

        newest.Sort();
        newest.Reverse();
        return newest;
    }

    // Once the page is full, only what is newer than its last can still come in.
    private static DynamicParameters Parameters(DeliveryScope scope, int install, List<long> newest)
    {
        var from = newest.Count == scope.Limit ? Math.Max(scope.From, newest[^1]) : scope.From;
        var parameters = new DynamicParameters(scope with { From = from });
        parameters.Add("install", install);
        return parameters;
    }

    private static string Conditions(DeliveryScope scope)
    {
        var conditions = new List<string>();
        Add(scope.State is PublicState.Pending, "d.state<2");
        Add(scope.State is PublicState.Delivered, "d.state=2");
        Add(scope.State is PublicState.Dead, "d.state=3");
        Add(scope.EventType is not null, "d.event_type=@EventType");
        Add(scope.Since is not null, "d.accepted_at>=@Since");
        Add(scope.Until is not null, "d.accepted_at<@Until");

        // Two conversations may meet in one key.
        Add(scope.Conversation is not null, "(SELECT conversation FROM notifications WHERE id=d.notification)=@Conversation");
        return string.Concat(conditions.Select(condition => condition + " AND "));

        void Add(bool applies, string condition)
        {
            if (applies)
            {
                conditions.Add(condition);
            }
        }
    }
}
