using System.Globalization;
using System.Reflection;
using DbUp;
using DbUp.Engine.Output;
using DbUp.Sqlite.Helpers;
using Microsoft.Data.Sqlite;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// Brings a database to this program's schema with the numbered migrations, and refuses one that a newer program wrote. The
/// number of the last migration stands in <c>user_version</c>, so that a start with nothing to do costs one pragma.
/// </summary>
internal static class Schema
{
    private const string Folder = "Sealpost.Storage.Sqlite.Migrations.";

    /// <summary>The last migration's number: the schema this program works with.</summary>
    public static int Version { get; } = Scripts().Max(NumberOf);

    /// <returns>True when the database was empty.</returns>
    /// <exception cref="StoreException">The database is newer than this program.</exception>
    public static bool BringUpToDate(SqliteConnection connection, string path)
    {
        var present = UserVersion(connection);
        if (present > Version)
        {
            throw new StoreException(
                StoreFault.Newer,
                $"{path} has schema {present}, this version of sealpost knows {Version}: start the version that wrote it");
        }

        if (present == Version)
        {
            return false;
        }

        using var shared = new SharedConnection(connection);
        var result = DeployChanges.To
            .SqliteDatabase(shared)
            .WithScriptsEmbeddedInAssembly(typeof(Schema).Assembly, name => name.StartsWith(Folder, StringComparison.Ordinal))
            .WithTransaction()
            .LogTo(new NoOpUpgradeLog())
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new StoreException(StoreFault.Broken, $"{path}: migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
        }

        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={Version}");
        command.ExecuteNonQuery();
        return present == 0;
    }

    private static int UserVersion(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static IEnumerable<string> Scripts() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal));

    private static int NumberOf(string resource) =>
        int.Parse(resource.AsSpan(Folder.Length, 4), NumberStyles.None, CultureInfo.InvariantCulture);
}
