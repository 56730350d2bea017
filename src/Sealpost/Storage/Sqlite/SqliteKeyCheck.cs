using Dapper;
using Sealpost.Vault;

namespace Sealpost.Storage.Sqlite;

/// <summary>The master key's check value in table <c>meta</c>.</summary>
internal sealed class SqliteKeyCheck : IKeyCheck
{
    private const string Key = "master_key_check";

    private readonly SqliteDatabase _database;

    public SqliteKeyCheck(SqliteDatabase database) => _database = database;

    public byte[]? Read()
    {
        using var connection = _database.OpenRead();
        return connection.QuerySingleOrDefault<byte[]>("SELECT value FROM meta WHERE key = @Key", new { Key });
    }

    public void Write(byte[] value) => _database.Write(connection =>
    {
        connection.Execute("INSERT INTO meta(key, value) VALUES (@Key, @value)", new { Key, value });
    });
}
