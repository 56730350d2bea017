using Dapper;
using Microsoft.Data.Sqlite;
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

    /// <summary>Remembers another key, inside the transaction that seals everything with it.</summary>
    public static void Replace(SqliteConnection connection, byte[] value) =>
        connection.Execute("UPDATE meta SET value = @value WHERE key = @Key", new { Key, value });
}
