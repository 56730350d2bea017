using Dapper;
using Sealpost.Accounts;
using Sealpost.Accounts.AppKeys;
using Sealpost.Vault;

namespace Sealpost.Storage.Sqlite;

/// <summary>App keys in SQLite, their secrets sealed.</summary>
internal sealed class SqliteAppKeyStore : IAppKeyStore
{
    private readonly SqliteDatabase _database;
    private readonly SealedBox _box;

    public SqliteAppKeyStore(SqliteDatabase database, MasterKey key)
    {
        _database = database;
        _box = BoxOf(key);
    }

    /// <summary>What the secrets are sealed with.</summary>
    public static SealedBox BoxOf(MasterKey key) => new(key, "app_key");

    // The platform's own is of the account without a name, which no account is.
    public static SealedFor ConsumerSecretOf(AccountId? account, string consumerKey) => new(account ?? default, consumerKey);

    public static SealedFor TokenSecretOf(AccountId? account, string consumerKey) => new(account ?? default, consumerKey + "/token");

    public IReadOnlyList<AppKey> Load() => _database.Read(connection => connection
        .Query<AppKeyRow>(
            """
            SELECT consumer_key AS ConsumerKey, a.id AS Account, name AS Name, privileges AS Privileges, consumer_secret AS ConsumerSecret,
                   token AS Token, token_secret AS TokenSecret, k.created_at AS CreatedAt
            FROM app_keys k LEFT JOIN accounts a ON a.number = k.account
            """)
        .Select(ToKey)
        .ToList());

    public bool Add(AppKey key) => _database.Write(connection =>
    {
        var row = ToRow(key);
        return key.Account is null
            ? connection.Execute(
                """
                INSERT INTO app_keys(consumer_key, account, name, privileges, consumer_secret, token, token_secret, created_at)
                VALUES (@ConsumerKey, NULL, @Name, @Privileges, @ConsumerSecret, @Token, @TokenSecret, @CreatedAt)
                """,
                row) == 1
            : connection.Execute(
                """
                INSERT INTO app_keys(consumer_key, account, name, privileges, consumer_secret, token, token_secret, created_at)
                SELECT @ConsumerKey, number, @Name, @Privileges, @ConsumerSecret, @Token, @TokenSecret, @CreatedAt
                FROM accounts WHERE id = @Account AND deleted_at IS NULL
                """,
                row) == 1;
    });

    public bool Remove(AccountId account, string consumerKey) => _database.Write(connection => connection.Execute(
        """
        DELETE FROM app_keys
        WHERE consumer_key = @consumerKey AND account = (SELECT number FROM accounts WHERE id = @account AND deleted_at IS NULL)
        """,
        new { consumerKey, account = account.Value }) == 1);

    private AppKey ToKey(AppKeyRow row)
    {
        var account = row.Account is null ? default(AccountId?) : AccountId.Parse(row.Account);
        return new AppKey
        {
            ConsumerKey = row.ConsumerKey,
            ConsumerSecret = _box.Open(row.ConsumerSecret, ConsumerSecretOf(account, row.ConsumerKey)),
            Token = row.Token,
            TokenSecret = _box.Open(row.TokenSecret, TokenSecretOf(account, row.ConsumerKey)),
            Account = account,
            Name = row.Name,
            Privileges = (AppKeyPrivileges)row.Privileges,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
        };
    }

    private AppKeyRow ToRow(AppKey key) => new()
    {
        ConsumerKey = key.ConsumerKey,
        ConsumerSecret = _box.Seal(key.ConsumerSecret, ConsumerSecretOf(key.Account, key.ConsumerKey)),
        Token = key.Token,
        TokenSecret = _box.Seal(key.TokenSecret, TokenSecretOf(key.Account, key.ConsumerKey)),
        Account = key.Account?.Value,
        Name = key.Name,
        Privileges = (int)key.Privileges,
        CreatedAt = key.CreatedAt.ToUnixTimeMilliseconds(),
    };

    private sealed class AppKeyRow
    {
        public required string ConsumerKey { get; init; }

        public string? Account { get; init; }

        public required string Name { get; init; }

        public required int Privileges { get; init; }

        public required byte[] ConsumerSecret { get; init; }

        public required string Token { get; init; }

        public required byte[] TokenSecret { get; init; }

        public required long CreatedAt { get; init; }
    }
}
