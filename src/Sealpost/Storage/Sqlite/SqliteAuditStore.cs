using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Accounts.Audit;

namespace Sealpost.Storage.Sqlite;

/// <summary>The audit in SQLite.</summary>
internal sealed class SqliteAuditStore(SqliteDatabase database) : IAuditStore
{
    public IReadOnlyList<long> Write(IReadOnlyList<AuditEntry> entries, IReadOnlyList<RaisedCount> counts) => database.Write<IReadOnlyList<long>>(connection =>
    {
        var ids = entries.Select(entry => Insert(connection, entry)).ToList();
        foreach (var count in counts)
        {
            connection.Execute(
                "UPDATE audit SET times = @Times, last_at = @at WHERE id = @Id", new { count.Id, count.Times, at = count.LastAt.ToUnixTimeMilliseconds() });
        }

        return ids;
    });

    public IReadOnlyList<AuditEntry> List(int account, AuditFilter filter) => database.Read<IReadOnlyList<AuditEntry>>(connection =>
    [
        .. connection.Query<AuditRow>(
            """
            SELECT id AS Id, account AS Account, at AS At, last_at AS LastAt, times AS Times, actor_kind AS ActorKind, actor_id AS ActorId,
                   actor_name AS ActorName, action AS Action, target AS Target, outcome AS Outcome, status AS Status, code AS Code,
                   detail AS Detail, remote AS Remote
            FROM audit
            WHERE account = @account AND at >= @since AND at < @until AND (at, id) < (@beforeAt, @beforeId)
            ORDER BY at DESC, id DESC
            LIMIT @limit
            """,
            new
            {
                account,
                since = filter.Since?.ToUnixTimeMilliseconds() ?? long.MinValue,
                until = filter.Until?.ToUnixTimeMilliseconds() ?? long.MaxValue,
                beforeAt = filter.Before?.At ?? long.MaxValue,
                beforeId = filter.Before?.Id ?? long.MaxValue,
                limit = filter.Limit,
            })
            .Select(row => row.Entry),
    ]);

    // The oldest stand at the front of the table; only those are looked at.
    public int Forget(DateTimeOffset before, int keepNotDone, int atMost) => database.Write(connection =>
        connection.Execute(
            "DELETE FROM audit WHERE id IN (SELECT id FROM (SELECT id, last_at FROM audit ORDER BY id LIMIT @atMost) WHERE last_at < @before)",
            new { atMost, before = before.ToUnixTimeMilliseconds() })
        + connection.Execute(
            """
            DELETE FROM audit WHERE id IN
              (SELECT id FROM audit WHERE outcome > 0 AND id <=
                (SELECT id FROM audit WHERE outcome > 0 ORDER BY id DESC LIMIT 1 OFFSET @keepNotDone) ORDER BY id LIMIT @atMost)
            """,
            new { atMost, keepNotDone }));

    private static long Insert(SqliteConnection connection, AuditEntry entry) => connection.ExecuteScalar<long>(
        """
        INSERT INTO audit(account, at, last_at, times, actor_kind, actor_id, actor_name, action, target, outcome, status, code, detail, remote)
        VALUES (@Account, @At, @LastAt, @Times, @ActorKind, @ActorId, @ActorName, @Action, @Target, @Outcome, @Status, @Code, @Detail, @Remote)
        RETURNING id
        """,
        AuditRow.Of(entry));

    private sealed class AuditRow
    {
        public long Id { get; init; }

        public required int Account { get; init; }

        public required long At { get; init; }

        public required long LastAt { get; init; }

        public required int Times { get; init; }

        public required string ActorKind { get; init; }

        public string? ActorId { get; init; }

        public string? ActorName { get; init; }

        public required string Action { get; init; }

        public string? Target { get; init; }

        public required int Outcome { get; init; }

        public required int Status { get; init; }

        public string? Code { get; init; }

        public string? Detail { get; init; }

        public string? Remote { get; init; }

        public AuditEntry Entry => new()
        {
            Id = Id,
            Account = Account,
            At = DateTimeOffset.FromUnixTimeMilliseconds(At),
            LastAt = DateTimeOffset.FromUnixTimeMilliseconds(LastAt),
            Times = Times,
            Actor = new AuditActor(ActorKind, ActorId, ActorName),
            Action = Action,
            Target = Target,
            Outcome = (ActOutcome)Outcome,
            Status = Status,
            Code = Code,
            Detail = Detail,
            RemoteAddress = Remote,
        };

        public static AuditRow Of(AuditEntry entry) => new()
        {
            Account = entry.Account,
            At = entry.At.ToUnixTimeMilliseconds(),
            LastAt = entry.LastAt.ToUnixTimeMilliseconds(),
            Times = entry.Times,
            ActorKind = entry.Actor.Kind,
            ActorId = entry.Actor.Id,
            ActorName = entry.Actor.Name,
            Action = entry.Action,
            Target = entry.Target,
            Outcome = (int)entry.Outcome,
            Status = entry.Status,
            Code = entry.Code,
            Detail = entry.Detail,
            Remote = entry.RemoteAddress,
        };
    }
}
