using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Accounts;
using Sealpost.Mtls.Certificates;
using Sealpost.Mtls.Mappings;

namespace Sealpost.Storage.Sqlite;

/// <summary>Mappings in SQLite.</summary>
internal sealed class SqliteMappingStore(SqliteDatabase database) : IMappingStore
{
    public IReadOnlyList<Mapping> Load() => database.Read<IReadOnlyList<Mapping>>(connection =>
        [.. connection
            .Query<Row>(
                """
                SELECT m.id AS Id, a.id AS Account, m.name AS Name, m.service AS Service, m.url AS Url, m.certificate AS Certificate, m.enabled AS Enabled
                FROM mappings m JOIN accounts a ON a.number = m.account WHERE a.deleted_at IS NULL
                """)
            .Select(row => row.Mapping)]);

    public MappingChange Change(AccountId account, IReadOnlyList<long> removed, IReadOnlyList<Mapping> written)
    {
        try
        {
            return database.Write(connection => Change(connection, account, removed, written));
        }
        catch (Refused refused)
        {
            return refused.Change;
        }
    }

    // A refusal in the middle is thrown, so that the transaction is rolled back.
    private static MappingChange Change(SqliteConnection connection, AccountId account, IReadOnlyList<long> removed, IReadOnlyList<Mapping> written)
    {
        if (connection.ExecuteScalar<long?>("SELECT number FROM accounts WHERE id = @id AND deleted_at IS NULL", new { id = account.Value }) is not { } number)
        {
            return new MappingChange(MappingChangeKind.AccountNotFound, []);
        }

        foreach (var id in removed)
        {
            Check(connection.Execute("DELETE FROM mappings WHERE id = @id AND account = @number", new { id, number }) == 1, MappingChangeKind.NotFound, null);
        }

        // Out of each other's way: two may swap their names or URLs.
        foreach (var mapping in written.Where(mapping => mapping.Id > 0))
        {
            var rows = connection.Execute(
                "UPDATE mappings SET name = char(0) || @Id, canonical = char(0) || @Id WHERE id = @Id AND account = @number", new { mapping.Id, number });
            Check(rows == 1, MappingChangeKind.NotFound, mapping);
        }

        return new MappingChange(MappingChangeKind.Done, [.. written.Select(mapping => Write(connection, number, mapping))]);
    }

    private static Mapping Write(SqliteConnection connection, long number, Mapping mapping)
    {
        var row = new
        {
            mapping.Id,
            number,
            mapping.Name,
            Service = (int)mapping.Service,
            mapping.Url,
            mapping.Target.Canonical,
            Certificate = mapping.Certificate.Value,
            mapping.Enabled,
        };
        Check(!Exists(connection, "name = @Name", row), MappingChangeKind.NameTaken, mapping);
        Check(!Exists(connection, "service = @Service AND canonical = @Canonical", row), MappingChangeKind.UrlTaken, mapping);
        var id = connection.ExecuteScalar<long>(
            mapping.Id == 0
                ? """
                  INSERT INTO mappings(account, name, service, url, canonical, certificate, enabled)
                  VALUES (@number, @Name, @Service, @Url, @Canonical, @Certificate, @Enabled) RETURNING id
                  """
                : """
                  UPDATE mappings SET name = @Name, service = @Service, url = @Url, canonical = @Canonical, certificate = @Certificate, enabled = @Enabled
                  WHERE id = @Id RETURNING id
                  """,
            row);
        return mapping with { Id = id };
    }

    private static bool Exists(SqliteConnection connection, string condition, object row) =>
        connection.ExecuteScalar<bool>($"SELECT EXISTS (SELECT 1 FROM mappings WHERE account = @number AND id <> @Id AND {condition})", row);

    private static void Check(bool holds, MappingChangeKind otherwise, Mapping? about)
    {
        if (!holds)
        {
            throw new Refused(new MappingChange(otherwise, [], about));
        }
    }

    private sealed class Refused(MappingChange change) : Exception
    {
        public MappingChange Change { get; } = change;
    }

    private sealed class Row
    {
        public long Id { get; init; }

        public required string Account { get; init; }

        public required string Name { get; init; }

        public int Service { get; init; }

        public required string Url { get; init; }

        public long Certificate { get; init; }

        public bool Enabled { get; init; }

        public Mapping Mapping => new()
        {
            Id = Id,
            Account = AccountId.Parse(Account),
            Name = Name,
            Service = (MtlsService)Service,
            Url = Url,
            Target = ForwardUrl.TryParse(Url, out var target, out var fault)
                ? target
                : throw new StoreException(StoreFault.Corrupt, $"the stored URL of mapping '{Name}' in account {Account} {fault}"),
            Certificate = new CertificateId(Certificate),
            Enabled = Enabled,
        };
    }
}
