using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Backups;

/// <summary>Databases to back up, made without a service.</summary>
internal static class Store
{
    /// <summary>A store with one event type of that name, and so many megabytes.</summary>
    public static void Make(string folder, string name, int megabytes = 0)
    {
        using var database = SqliteDatabase.Open(Path.Combine(folder, "sealpost.db"));
        database.Write(connection =>
        {
            connection.Execute("INSERT INTO event_types(name) VALUES (@name)", new { name });
            connection.Execute("INSERT INTO meta(key, value) VALUES ('ballast', zeroblob(@bytes))", new { bytes = megabytes << 20 });
        });
    }

    /// <summary>The name of the event type that it was made with, read as it lies there.</summary>
    public static string? NameIn(string path) => Ask<string>(path, "SELECT name FROM event_types");

    public static T? Ask<T>(string path, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        return connection.ExecuteScalar<T>(sql);
    }

    public static void Run(string path, string sql) => Ask<object>(path, sql);
}
