using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.Vault;

namespace Sealpost.Storage.Sqlite;

/// <summary>Installs in SQLite, their secrets sealed.</summary>
internal sealed class SqliteInstallStore : IInstallStore
{
    private readonly SqliteDatabase _database;
    private readonly SealedBox _box;
    private readonly EventTypeNumbers _eventTypes;
    private readonly TimeProvider _time;

    public SqliteInstallStore(SqliteDatabase database, MasterKey key, EventTypeNumbers eventTypes, TimeProvider time)
    {
        _database = database;
        _box = InstallRow.BoxOf(key);
        _eventTypes = eventTypes;
        _time = time;
    }

    public IReadOnlyList<StoredInstalls> Load()
    {
        using var connection = _database.OpenRead();
        var installs = connection
            .Query<InstallRow>($"SELECT {InstallRow.Columns} FROM installs i JOIN accounts a ON a.number = i.account WHERE i.deleted_at IS NULL ORDER BY i.number")
            .ToLookup(row => row.Account, row => row.ToInstall(_box));
        return [.. connection
            .Query<(string Id, long Revision)>("SELECT id, revision FROM accounts WHERE deleted_at IS NULL")
            .Select(account => new StoredInstalls(AccountId.Parse(account.Id), account.Revision, [.. installs[account.Id]]))];
    }

    public InstallChange Create(Install install) => _database.Write(connection =>
    {
        if (AccountNumber(connection, install.Account) is not { } account)
        {
            return new InstallChange(InstallChangeKind.AccountNotFound);
        }

        if (IsTaken(connection, install))
        {
            return new InstallChange(InstallChangeKind.ClientNameTaken);
        }

        var number = connection.ExecuteScalar<int?>(
            """
            INSERT INTO installs(account, client_id, client_name, manifest, secret, issued_at, revision, enabled, disabled_reason)
            VALUES (@account, @ClientId, @ClientName, @Manifest, @Secret, @IssuedAt, @Revision, @Enabled, @DisabledReason)
            ON CONFLICT (client_id) DO NOTHING
            RETURNING number
            """,
            Values(install, account));
        return number is null
            ? new InstallChange(InstallChangeKind.ClientIdTaken)
            : new InstallChange(InstallChangeKind.Done, null, install with { Number = number.Value }, CountUp(connection, install.Account));
    });

    public InstallChange Change(AccountId account, Guid clientId, Func<Install, InstallEdit> edit) => _database.Write(connection =>
    {
        if (Read(connection, account, clientId) is not { } before)
        {
            return new InstallChange(InstallChangeKind.NotFound);
        }

        var (kind, after) = edit(before);
        if (kind != InstallChangeKind.Done)
        {
            return new InstallChange(kind, before, before);
        }

        if (!after.Deleted && IsTaken(connection, after))
        {
            return new InstallChange(InstallChangeKind.ClientNameTaken, before, before);
        }

        Update(connection, after);
        OweNoLonger(connection, before, after);
        return new InstallChange(InstallChangeKind.Done, before, after, CountUp(connection, account));
    });

    private Install? Read(SqliteConnection connection, AccountId account, Guid clientId) => connection
        .QuerySingleOrDefault<InstallRow>(
            $"""
            SELECT {InstallRow.Columns} FROM installs i JOIN accounts a ON a.number = i.account
            WHERE i.client_id = @clientId AND i.deleted_at IS NULL AND a.id = @account AND a.deleted_at IS NULL
            """,
            new { clientId = InstallRow.Text(clientId), account = account.Value })
        ?.ToInstall(_box);

    private void Update(SqliteConnection connection, Install install) => connection.Execute(
        install.Deleted
            ? "UPDATE installs SET deleted_at = @Now, revision = @Revision, secret = x'', previous_secret = NULL WHERE number = @Number"
            : """
              UPDATE installs SET client_name = @ClientName, manifest = @Manifest, secret = @Secret, previous_secret = @PreviousSecret,
                previous_until = @PreviousUntil, revision = @Revision, enabled = @Enabled, disabled_reason = @DisabledReason
              WHERE number = @Number
              """,
        Values(install, account: 0));

    // Deliveries are numbered in the order of their acceptance: what is owed now is up to the largest id, and what a re-added
    // event type or a new install brings comes after it. A deleted install is owed nothing ever after, not even what is being
    // accepted at this moment.
    private void OweNoLonger(SqliteConnection connection, Install before, Install after)
    {
        IEnumerable<int?> removed = after.Deleted
            ? [null]
            : before.Manifest.Webhooks.Keys.Where(key => !after.Manifest.Webhooks.ContainsKey(key)).Select(key => (int?)_eventTypes.NumberOf(connection, key));
        foreach (var eventType in removed)
        {
            connection.Execute(
                """
                INSERT INTO removals(install, event_type, from_id, through_id, reason)
                VALUES (@Number, @eventType, 0, coalesce(@throughId, (SELECT max(id) FROM deliveries), 0), 'app_removed')
                """,
                new { after.Number, eventType, throughId = eventType is null ? long.MaxValue : default(long?) });
        }
    }

    private object Values(Install install, int account) => new
    {
        account,
        install.Number,
        ClientId = InstallRow.Text(install.ClientId),
        install.Manifest.ClientName,
        Manifest = install.Manifest.Json.ToArray(),
        Secret = _box.Seal(install.Secrets.Current, InstallRow.Current(install.Account, install.ClientId)),
        PreviousSecret = install.Secrets.Previous is { } previous
            ? _box.Seal(previous, InstallRow.Previous(install.Account, install.ClientId))
            : null,
        PreviousUntil = InstallRow.Time(install.Secrets.PreviousUntil),
        IssuedAt = InstallRow.Time(install.IssuedAt),
        install.Revision,
        install.Enabled,
        install.DisabledReason,
        Now = InstallRow.Time(_time.GetUtcNow()),
    };

    private static int? AccountNumber(SqliteConnection connection, AccountId account) => connection.ExecuteScalar<int?>(
        "SELECT number FROM accounts WHERE id = @id AND deleted_at IS NULL", new { id = account.Value });

    private static bool IsTaken(SqliteConnection connection, Install install) => connection.ExecuteScalar<bool>(
        """
        SELECT EXISTS (
          SELECT 1 FROM installs i JOIN accounts a ON a.number = i.account
          WHERE a.id = @account AND a.deleted_at IS NULL AND i.deleted_at IS NULL AND i.client_name = @ClientName AND i.number <> @Number)
        """,
        new { account = install.Account.Value, install.Manifest.ClientName, install.Number });

    private static long CountUp(SqliteConnection connection, AccountId account) => connection.ExecuteScalar<long>(
        "UPDATE accounts SET revision = revision + 1 WHERE id = @id AND deleted_at IS NULL RETURNING revision", new { id = account.Value });
}
