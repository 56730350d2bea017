using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Accounts;

namespace Sealpost.Storage.Sqlite;

/// <summary>Accounts and token hashes in SQLite.</summary>
internal sealed class SqliteAccountStore : IAccountStore
{
    private readonly SqliteDatabase _database;

    public SqliteAccountStore(SqliteDatabase database) => _database = database;

    public IReadOnlyList<Account> LoadAccounts()
    {
        using var connection = _database.OpenRead();
        return [.. connection
            .Query<AccountRow>("SELECT id AS Id, number AS Number, created_at AS CreatedAt FROM accounts WHERE deleted_at IS NULL")
            .Select(row => row.Account)];
    }

    public IReadOnlyList<StoredToken> LoadTokens(DateTimeOffset now)
    {
        using var connection = _database.OpenRead();
        return [.. connection
            .Query<TokenRow>(
                """
                SELECT t.id AS Id, a.id AS Account, kind AS Kind, name AS Name, scopes AS Scopes, hash AS Hash,
                       t.created_at AS CreatedAt, expires_at AS ExpiresAt, parent AS Parent
                FROM tokens t JOIN accounts a ON a.number = t.account
                WHERE expires_at IS NULL OR expires_at > @now
                """,
                new { now = now.ToUnixTimeMilliseconds() })
            .Select(row => row.Token)];
    }

    public Account Ensure(AccountId id, DateTimeOffset now) => _database.Write(connection =>
    {
        // The revision of a former account of this id goes on, so that nobody's old If-Match fits something new.
        connection.Execute(
            """
            INSERT INTO accounts(id, created_at, revision)
            SELECT @id, @now, coalesce((SELECT max(revision) FROM accounts WHERE id = @id), 0)
            WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE id = @id AND deleted_at IS NULL)
            """,
            new { id = id.Value, now = now.ToUnixTimeMilliseconds() });
        return connection.QuerySingle<AccountRow>(
            "SELECT id AS Id, number AS Number, created_at AS CreatedAt FROM accounts WHERE id = @id AND deleted_at IS NULL",
            new { id = id.Value }).Account;
    });

    public AccountRemoval Remove(Account account, DateTimeOffset now) => _database.Write(connection =>
    {
        var row = new { account.Number, now = now.ToUnixTimeMilliseconds() };
        if (connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM installs WHERE account = @Number AND deleted_at IS NULL)", row))
        {
            return AccountRemoval.HasInstalls;
        }

        if (connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM certificates WHERE account = @Number)", row))
        {
            return AccountRemoval.HasCertificates;
        }

        if (connection.Execute("UPDATE accounts SET deleted_at = @now WHERE number = @Number AND deleted_at IS NULL", row) == 0)
        {
            return AccountRemoval.NotFound;
        }

        connection.Execute("DELETE FROM mappings WHERE account = @Number", row);
        connection.Execute("DELETE FROM tokens WHERE account = @Number", row);
        connection.Execute("DELETE FROM app_keys WHERE account = @Number", row);
        return AccountRemoval.Removed;
    });

    public bool Add(StoredToken token) => _database.Write(connection =>
    {
        var row = TokenRow.Of(token);
        connection.Execute("DELETE FROM tokens WHERE expires_at <= @CreatedAt", row);
        return IsGiven(connection, token.Parent) && connection.Execute(
            """
            INSERT INTO tokens(id, account, kind, name, scopes, hash, created_at, expires_at, parent)
            SELECT @Id, number, @Kind, @Name, @Scopes, @Hash, @CreatedAt, @ExpiresAt, @Parent
            FROM accounts WHERE id = @Account AND deleted_at IS NULL
            """,
            row) == 1;
    });

    public IReadOnlyList<string> RemoveToken(AccountId account, string id) => _database.Write<IReadOnlyList<string>>(connection =>
        [.. connection.Query<string>(
            """
            DELETE FROM tokens
            WHERE (id = @id OR parent = @id)
              AND account = (SELECT number FROM accounts WHERE id = @account AND deleted_at IS NULL)
            RETURNING id
            """,
            new { id, account = account.Value })]);

    // The parent of a bearer is an account token, which may have been revoked a moment ago, or an administrator's token.
    private static bool IsGiven(SqliteConnection connection, string? parent) =>
        parent is null
        || parent.StartsWith(AdministratorToken.IdPrefix, StringComparison.Ordinal)
        || connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM tokens WHERE id = @parent)", new { parent });

    private sealed record AccountRow(string Id, long Number, long CreatedAt)
    {
        public Account Account => new(AccountId.Parse(Id), (int)Number, DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt));
    }

    private sealed class TokenRow
    {
        public required string Id { get; init; }

        public required string Account { get; init; }

        public required int Kind { get; init; }

        public required string Name { get; init; }

        public required int Scopes { get; init; }

        public required byte[] Hash { get; init; }

        public required long CreatedAt { get; init; }

        public long? ExpiresAt { get; init; }

        public string? Parent { get; init; }

        public StoredToken Token => new()
        {
            Id = Id,
            Account = AccountId.Parse(Account),
            Kind = (CallerKind)Kind,
            Name = Name,
            Scopes = (TokenScopes)Scopes,
            Hash = TokenHash.FromBytes(Hash),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
            ExpiresAt = ExpiresAt is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
            Parent = Parent,
        };

        public static TokenRow Of(StoredToken token) => new()
        {
            Id = token.Id,
            Account = token.Account.Value,
            Kind = (int)token.Kind,
            Name = token.Name,
            Scopes = (int)token.Scopes,
            Hash = token.Hash.ToBytes(),
            CreatedAt = token.CreatedAt.ToUnixTimeMilliseconds(),
            ExpiresAt = token.ExpiresAt?.ToUnixTimeMilliseconds(),
            Parent = token.Parent,
        };
    }
}
