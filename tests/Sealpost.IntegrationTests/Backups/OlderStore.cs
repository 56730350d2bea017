using Dapper;
using Microsoft.Data.Sqlite;
using Sealpost.Storage.Sqlite;

namespace Sealpost.IntegrationTests.Backups;

/// <summary>A database of an older version: the first migrations, and one event type.</summary>
internal static class OlderStore
{
    public const string Name = "kept";

    /// <summary>Makes it with so many migrations and so many kilobytes, and gives its path.</summary>
    public static string Make(string path, int migrations, int kilobytes = 0)
    {
        using var connection = Open(path);
        connection.Execute("PRAGMA journal_mode=WAL");
        Assert.True(Schema.BringUpToDate(connection, path, [.. Schema.Migrations.Take(migrations)]));
        connection.Execute("INSERT INTO event_types(name) VALUES (@Name)", new { Name });
        connection.Execute("INSERT INTO meta(key, value) VALUES ('ballast', randomblob(@bytes))", new { bytes = kilobytes << 10 });
        return path;
    }

    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
