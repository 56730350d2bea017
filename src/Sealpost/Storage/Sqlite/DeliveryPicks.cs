using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Deliveries;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// Finds the newest ids in a scope: (1) a conversation along its lanes, (2) dead and pending ones by their own small indexes,
/// (3) all others backwards by the primary key, while the account has its share of what is recent, (4) else along the deliveries of
/// its installs.
/// </summary>
/// <remarks>
/// There is no index over lanes or installs: each new delivery would write a page of it, sixteen times its own size (ADR 16). A
/// delivery knows the one before it in its lane and of its install instead.
/// </remarks>
/// <param name="connection">In one snapshot.</param>
/// <param name="scope">What is asked for.</param>
/// <param name="starts">The installs in the scope with where their chains begin.</param>
internal sealed class DeliveryPicks(SqliteConnection connection, DeliveryScope scope, IReadOnlyList<ChainStart> starts)
{
    /// <summary>Rows that (3) looks at, some ten milliseconds.</summary>
    private const int RecentRows = 20_000;

    private List<long> _newest = [];

    /// <summary>At most <see cref="DeliveryScope.Limit"/> ids, newest first.</summary>
    public List<long> Find() => scope.ConversationKey is { } key
        ? Along("lane_previous", "install=@install AND conversation_key=@ConversationKey", start => start.LaneEnd(connection, key))
        : scope.State switch
        {
            PublicState.Dead => ByIndex(("deliveries_dead", "d.state=3")),
            PublicState.Pending => ByIndex(("deliveries_backlog", "d.state=0"), ("deliveries_waiting", "d.state=1")),
            PublicState.Delivered or null => Recent() ?? Along("install_previous", "install=@install", start => start.InstallEnd),
        };

    // Null: the page is not full, and there are older rows that were not looked at.
    private List<long>? Recent()
    {
        var installs = new DynamicParameters(scope);
        installs.Add("installs", starts.Select(start => start.Install));
        var recent = string.Create(
            CultureInfo.InvariantCulture, $"SELECT * FROM deliveries WHERE id>=@From AND id<@Before ORDER BY id DESC LIMIT {RecentRows}");
        var ids = connection.Query<long>(
            $"SELECT d.id FROM ({recent}) d WHERE {Conditions()} d.install IN @installs ORDER BY d.id DESC LIMIT @Limit", installs).AsList();
        return ids.Count == scope.Limit || connection.ExecuteScalar<long>($"SELECT count(*) FROM ({recent})", scope) < RecentRows ? ids : null;
    }

    private List<long> ByIndex(params (string Index, string Key)[] ways)
    {
        foreach (var start in starts)
        {
            foreach (var (index, key) in ways)
            {
                Take(connection.Query<long>(
                    $"""
                    SELECT d.id FROM deliveries d INDEXED BY {index}
                    WHERE d.install=@install AND {key} AND {Conditions()} d.id>=@From AND d.id<@Before ORDER BY d.id DESC LIMIT @Limit
                    """,
                    Parameters(start.Install, start: null)));
            }
        }

        return _newest;
    }

    private List<long> Along(string previous, string member, Func<ChainStart, long?> endOf)
    {
        foreach (var start in starts)
        {
            Take(connection.Query<long>(
                $"""
                WITH RECURSIVE chain(id) AS (
                  SELECT @start UNION ALL
                  SELECT d.{previous} FROM chain JOIN deliveries d ON d.id=chain.id WHERE d.{previous}>=@From)
                SELECT d.id FROM chain JOIN deliveries d ON d.id=chain.id WHERE {Conditions()} d.id>=@From AND d.id<@Before LIMIT @Limit
                """,
                Parameters(start.Install, Near(start.Install, previous, member) ?? endOf(start))));
        }

        return _newest;
    }

    // A page deep in a list begins at the delivery that ended the one before it, or beside it: one notification's deliveries to
    // several installs have ids that follow one another.
    private long? Near(int install, string previous, string member) => connection.ExecuteScalar<long?>(
        $"""
        SELECT coalesce(
          (SELECT {previous} FROM deliveries WHERE id=@Before AND {member}),
          (SELECT id FROM (SELECT * FROM deliveries WHERE id<@Before ORDER BY id DESC LIMIT 64) WHERE {member} LIMIT 1))
        """,
        Parameters(install, start: null));

    private void Take(IEnumerable<long> found) => _newest = [.. _newest.Concat(found).OrderDescending().Take(scope.Limit)];

    // Once the page is full, only what is newer than its last can still come in.
    private DynamicParameters Parameters(int install, long? start)
    {
        var from = _newest.Count == scope.Limit ? Math.Max(scope.From, _newest[^1]) : scope.From;
        var parameters = new DynamicParameters(scope with { From = from });
        parameters.Add("install", install);
        parameters.Add("start", start);
        return parameters;
    }

    private string Conditions()
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
