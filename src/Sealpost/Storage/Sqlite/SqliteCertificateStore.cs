using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Accounts;
using Sealpost.Mtls.Certificates;
using Sealpost.Vault;

namespace Sealpost.Storage.Sqlite;

/// <summary>Certificates in SQLite; of their keys nothing.</summary>
internal sealed class SqliteCertificateStore(SqliteDatabase database) : ICertificateStore
{
    private const string Columns = "a.id AS Account, c.id AS Id, c.name AS Name, c.version AS Version, c.expires_at AS ExpiresAt, c.warned_days AS WarnedDays";

    private const string OfAccount = "account = (SELECT number FROM accounts WHERE id = @Account AND deleted_at IS NULL)";

    public IReadOnlyList<ClientCertificate> Load() => database.Write<IReadOnlyList<ClientCertificate>>(connection =>
    {
        connection.Execute("UPDATE certificate_leftovers SET in_flight = 0");
        connection.Execute("DELETE FROM certificates WHERE version = 0");
        return [.. connection
            .Query<Row>($"SELECT {Columns} FROM certificates c JOIN accounts a ON a.number = c.account WHERE a.deleted_at IS NULL")
            .Select(row => row.Certificate)];
    });

    public CertificateBegin Begin(AccountId account, CertificateId id, string name) => database.Write(connection =>
    {
        if (AccountNumber(connection, account) is not { } number)
        {
            return CertificateBegin.AccountNotFound;
        }

        var added = connection.Execute(
            "INSERT INTO certificates(id, account, name, version, last_version) VALUES (@Id, @number, @name, 0, 1) ON CONFLICT (account, name) DO NOTHING",
            new { Id = id.Value, number, name });
        if (added == 0)
        {
            return CertificateBegin.NameTaken;
        }

        AddLeftover(connection, new VaultPlace(account, id.Value, 1), inFlight: true);
        return CertificateBegin.Begun;
    });

    public int? BeginNext(AccountId account, CertificateId id) => database.Write(connection =>
    {
        var version = connection.ExecuteScalar<int?>(
            $"UPDATE certificates SET last_version = last_version + 1 WHERE id = @Id AND version > 0 AND {OfAccount} RETURNING last_version",
            Key(account, id));
        if (version is { } given)
        {
            AddLeftover(connection, new VaultPlace(account, id.Value, given), inFlight: true);
        }

        return version;
    });

    public CertificateCommit Commit(VaultPlace place, DateTimeOffset expiresAt, string? name) => database.Write(connection =>
    {
        var row = Find(connection, place.Account, new CertificateId(place.Record));
        var nameTaken = row is not null && name is not null && IsTaken(connection, row, name);
        if (row is null || nameTaken || row.Version > place.Version)
        {
            AddLeftover(connection, place);
            return new CertificateCommit(nameTaken ? null : row?.Certificate, nameTaken);
        }

        if (row.Version > 0)
        {
            AddLeftover(connection, row.Certificate.Place);
        }

        RemoveLeftover(connection, place);
        connection.Execute(
            "UPDATE certificates SET version = @Version, expires_at = @expiresAt, warned_days = NULL, name = coalesce(@name, name) WHERE id = @Record",
            new { place.Version, expiresAt = expiresAt.ToUnixTimeMilliseconds(), name, place.Record });
        return new CertificateCommit(Find(connection, place.Account, new CertificateId(place.Record))!.Certificate);
    });

    public void GiveUp(VaultPlace place) => database.Write(connection =>
    {
        AddLeftover(connection, place);
        connection.Execute(
            $"DELETE FROM certificates WHERE id = @Id AND version = 0 AND {OfAccount}", Key(place.Account, new CertificateId(place.Record)));
    });

    public bool Warned(VaultPlace place, int days) => database.Write(connection => connection.Execute(
        $"UPDATE certificates SET warned_days = @days WHERE id = @Record AND version = @Version AND {OfAccount}",
        new { days, place.Record, place.Version, Account = place.Account.Value }) == 1);

    public ClientCertificate? Remove(AccountId account, CertificateId id) => database.Write(connection =>
    {
        if (Find(connection, account, id) is not { Version: > 0 } row)
        {
            return null;
        }

        AddLeftover(connection, row.Certificate.Place);
        connection.Execute("DELETE FROM certificates WHERE id = @Id", new { row.Id });
        return row.Certificate;
    });

    public IReadOnlyList<VaultPlace> Leftovers() => database.Read<IReadOnlyList<VaultPlace>>(connection =>
        [.. connection
            .Query<(string Account, long Record, long Version)>("SELECT account, record, version FROM certificate_leftovers WHERE in_flight = 0")
            .Select(row => new VaultPlace(AccountId.Parse(row.Account), row.Record, (int)row.Version))]);

    public void Wiped(VaultPlace leftover) => database.Write(connection => RemoveLeftover(connection, leftover));

    private static object Key(AccountId account, CertificateId id) => new { Account = account.Value, Id = id.Value };

    private static Row? Find(SqliteConnection connection, AccountId account, CertificateId id) => connection.QuerySingleOrDefault<Row>(
        $"SELECT {Columns} FROM certificates c JOIN accounts a ON a.number = c.account WHERE c.id = @Id AND a.id = @Account AND a.deleted_at IS NULL",
        Key(account, id));

    private static long? AccountNumber(SqliteConnection connection, AccountId account) => connection.ExecuteScalar<long?>(
        "SELECT number FROM accounts WHERE id = @Account AND deleted_at IS NULL", new { Account = account.Value });

    private static bool IsTaken(SqliteConnection connection, Row row, string name) => connection.ExecuteScalar<bool>(
        "SELECT EXISTS (SELECT 1 FROM certificates WHERE name = @name AND id <> @Id AND account = (SELECT account FROM certificates WHERE id = @Id))",
        new { name, row.Id });

    private static void AddLeftover(SqliteConnection connection, VaultPlace place, bool inFlight = false) => connection.Execute(
        """
        INSERT INTO certificate_leftovers(account, record, version, in_flight) VALUES (@Account, @Record, @Version, @inFlight)
        ON CONFLICT DO UPDATE SET in_flight = excluded.in_flight
        """,
        new { Account = place.Account.Value, place.Record, place.Version, inFlight });

    private static void RemoveLeftover(SqliteConnection connection, VaultPlace place) => connection.Execute(
        "DELETE FROM certificate_leftovers WHERE account = @Account AND record = @Record AND version = @Version",
        new { Account = place.Account.Value, place.Record, place.Version });

    private sealed class Row
    {
        public required string Account { get; init; }

        public long Id { get; init; }

        public required string Name { get; init; }

        public long Version { get; init; }

        public long? ExpiresAt { get; init; }

        public int? WarnedDays { get; init; }

        public ClientCertificate Certificate => new(
            AccountId.Parse(Account), new CertificateId(Id), Name, (int)Version, DateTimeOffset.FromUnixTimeMilliseconds(ExpiresAt ?? 0))
        {
            WarnedDays = WarnedDays,
        };
    }
}
