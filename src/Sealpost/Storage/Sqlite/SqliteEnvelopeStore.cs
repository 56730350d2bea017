using Dapper;
using Sealpost.Vault;

namespace Sealpost.Storage.Sqlite;

/// <summary>The embedded vault's envelopes in SQLite.</summary>
internal sealed class SqliteEnvelopeStore(SqliteDatabase database) : IEnvelopeStore
{
    public bool Add(VaultPlace place, Envelope envelope) => database.Write(connection => connection.Execute(
        """
        INSERT INTO vault_envelopes(account, record, version, wrapped_key, sealed)
        VALUES (@Account, @Record, @Version, @WrappedKey, @Sealed)
        ON CONFLICT DO NOTHING
        """,
        new { Account = place.Account.Value, place.Record, place.Version, envelope.WrappedKey, envelope.Sealed }) == 1);

    public Envelope? Find(VaultPlace place) => database.Read(connection => connection.QuerySingleOrDefault<Envelope>(
        "SELECT wrapped_key AS WrappedKey, sealed AS Sealed FROM vault_envelopes WHERE account = @Account AND record = @Record AND version = @Version",
        Key(place)));

    public void Remove(VaultPlace place) => database.Write(connection =>
    {
        connection.Execute("DELETE FROM vault_envelopes WHERE account = @Account AND record = @Record AND version = @Version", Key(place));
    });

    private static object Key(VaultPlace place) => new { Account = place.Account.Value, place.Record, place.Version };
}
