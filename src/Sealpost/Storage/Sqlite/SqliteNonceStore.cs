using Sealpost.Accounts.AppKeys;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>Nonces in SQLite: the primary key takes each once, whoever asks.</summary>
internal sealed class SqliteNonceStore : INonceStore
{
    private readonly SqliteDatabase _database;

    public SqliteNonceStore(SqliteDatabase database) => _database = database;

    public IReadOnlyList<bool> Keep(IReadOnlyList<UsedNonce> nonces, DateTimeOffset forgetBefore, int forgetAtMost) => _database.Write(_ =>
    {
        var db = _database.WriterHandle;
        using var insert = new Statement(db, "INSERT INTO nonces(signed_at, digest) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
        var isNew = new bool[nonces.Count];
        for (var i = 0; i < isNew.Length; i++)
        {
            insert.Bind(1, nonces[i].SignedAt).Bind(2, nonces[i].Digest).Run();
            isNew[i] = raw.sqlite3_changes(db) == 1;
        }

        using var forget = new Statement(
            db,
            """
            DELETE FROM nonces WHERE (signed_at, digest) IN
              (SELECT signed_at, digest FROM nonces WHERE signed_at < ?1 ORDER BY signed_at, digest LIMIT ?2)
            """);
        forget.Bind(1, forgetBefore.ToUnixTimeSeconds()).Bind(2, (long)forgetAtMost).Run();
        return isNew;
    });
}
