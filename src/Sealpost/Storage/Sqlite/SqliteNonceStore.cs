using Microsoft.Data.Sqlite;
using Sealpost.Accounts.AppKeys;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>Nonces in a <see cref="NonceFile"/>: the primary key takes each once, whoever asks.</summary>
internal sealed class SqliteNonceStore : INonceStore, IDisposable
{
    private readonly NonceFile _file;
    private readonly Lock _gate = new();
    private readonly Statement _begin;
    private readonly Statement _insert;
    private readonly Statement _forget;
    private readonly Statement _commit;
    private readonly Statement _rollback;

    /// <exception cref="StoreException">The file cannot be used.</exception>
    public SqliteNonceStore(NonceFile file)
    {
        _file = file;
        _begin = new Statement(file.Handle, "BEGIN IMMEDIATE");
        _insert = new Statement(file.Handle, "INSERT INTO nonces(signed_at, digest) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
        _forget = new Statement(
            file.Handle,
            """
            DELETE FROM nonces WHERE (signed_at, digest) IN
              (SELECT signed_at, digest FROM nonces WHERE signed_at < ?1 ORDER BY signed_at, digest LIMIT ?2)
            """);
        _commit = new Statement(file.Handle, "COMMIT");
        _rollback = new Statement(file.Handle, "ROLLBACK");
    }

    public DateTimeOffset KnownSince => _file.KnownSince;

    public IReadOnlyList<bool> Keep(IReadOnlyList<UsedNonce> nonces, DateTimeOffset forgetBefore, int forgetAtMost)
    {
        lock (_gate)
        {
            try
            {
                _begin.Run();
                var isNew = Insert(nonces);
                _forget.Bind(1, forgetBefore.ToUnixTimeSeconds()).Bind(2, (long)forgetAtMost).Run();
                _commit.Run();
                return isNew;
            }
            catch (SqliteException e)
            {
                RollBack();
                throw SqliteFaults.Translate(e, _file.Path);
            }
        }
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_begin, _insert, _forget, _commit, _rollback])
        {
            statement.Dispose();
        }

        _file.Dispose();
    }

    private bool[] Insert(IReadOnlyList<UsedNonce> nonces)
    {
        var isNew = new bool[nonces.Count];
        for (var i = 0; i < isNew.Length; i++)
        {
            _insert.Bind(1, nonces[i].SignedAt).Bind(2, nonces[i].Digest).Run();
            isNew[i] = raw.sqlite3_changes(_file.Handle) == 1;
        }

        return isNew;
    }

    // SQLite has rolled back by itself after some faults; a second ROLLBACK then only says so.
    private void RollBack()
    {
        if (raw.sqlite3_get_autocommit(_file.Handle) == 0)
        {
            _rollback.Run();
        }
    }
}
