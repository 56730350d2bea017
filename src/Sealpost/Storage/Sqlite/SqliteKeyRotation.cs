using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Accounts;
using Sealpost.Vault;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// Seals all that the master key seals with another: the one place that knows every sealed column. Key material is not touched, its
/// data keys are wrapped anew.
/// </summary>
internal sealed class SqliteKeyRotation(SqliteDatabase database)
{
    /// <summary>One transaction: everything, and the store's memory of its key, or nothing.</summary>
    /// <exception cref="VaultException">A sealed value does not open with <paramref name="from"/>: nothing was changed.</exception>
    public void Rotate(MasterKey from, MasterKey to) => database.Write(connection =>
    {
        ClientSecrets(connection, InstallRow.BoxOf(from), InstallRow.BoxOf(to));
        AppKeySecrets(connection, SqliteAppKeyStore.BoxOf(from), SqliteAppKeyStore.BoxOf(to));
        DataKeys(connection, new SealedBox(from, LocalVault.WrappingPurpose), new SealedBox(to, LocalVault.WrappingPurpose));
        SqliteKeyCheck.Replace(connection, to.CheckValue);
    });

    private static void ClientSecrets(SqliteConnection connection, SealedBox from, SealedBox to)
    {
        var rows = connection.Query<InstallRow>(
            $"SELECT {InstallRow.Columns} FROM installs i JOIN accounts a ON a.number = i.account WHERE i.deleted_at IS NULL");
        foreach (var row in rows)
        {
            var (account, clientId) = (AccountId.Parse(row.Account), Guid.Parse(row.ClientId));
            connection.Execute(
                "UPDATE installs SET secret = @secret, previous_secret = @previous WHERE number = @Number",
                new
                {
                    row.Number,
                    secret = Again(row.Secret, InstallRow.Current(account, clientId)),
                    previous = row.PreviousSecret is null ? null : Again(row.PreviousSecret, InstallRow.Previous(account, clientId)),
                });
        }

        byte[] Again(byte[] box, SealedFor owner) => to.Seal(from.Open(box, owner), owner);
    }

    private static void AppKeySecrets(SqliteConnection connection, SealedBox from, SealedBox to)
    {
        var rows = connection.Query<AppKeyRow>(
            """
            SELECT consumer_key AS ConsumerKey, a.id AS Account, consumer_secret AS ConsumerSecret, token_secret AS TokenSecret
            FROM app_keys k LEFT JOIN accounts a ON a.number = k.account
            """);
        foreach (var row in rows)
        {
            var account = row.Account is null ? default(AccountId?) : AccountId.Parse(row.Account);
            connection.Execute(
                "UPDATE app_keys SET consumer_secret = @secret, token_secret = @token WHERE consumer_key = @ConsumerKey",
                new
                {
                    row.ConsumerKey,
                    secret = Again(row.ConsumerSecret, SqliteAppKeyStore.ConsumerSecretOf(account, row.ConsumerKey)),
                    token = Again(row.TokenSecret, SqliteAppKeyStore.TokenSecretOf(account, row.ConsumerKey)),
                });
        }

        byte[] Again(byte[] box, SealedFor owner) => to.Seal(from.Open(box, owner), owner);
    }

    private static void DataKeys(SqliteConnection connection, SealedBox from, SealedBox to)
    {
        var rows = connection.Query<EnvelopeRow>(
            "SELECT rowid AS Number, account AS Account, record AS Record, version AS Version, wrapped_key AS WrappedKey FROM vault_envelopes");
        foreach (var row in rows)
        {
            var owner = LocalVault.Owner(new VaultPlace(AccountId.Parse(row.Account), row.Record, (int)row.Version));
            connection.Execute(
                "UPDATE vault_envelopes SET wrapped_key = @wrapped WHERE rowid = @Number",
                new { row.Number, wrapped = to.Seal(from.Open(row.WrappedKey, owner), owner) });
        }
    }

    private sealed record AppKeyRow(string ConsumerKey, string? Account, byte[] ConsumerSecret, byte[] TokenSecret);

    private sealed record EnvelopeRow(long Number, string Account, long Record, long Version, byte[] WrappedKey);
}
