using System.Globalization;
using System.Reflection;
using DbUp;
using DbUp.Engine;
using DbUp.Engine.Output;
using DbUp.Sqlite.Helpers;
using DbUp.Support;
using Microsoft.Data.Sqlite;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// Brings a database to this program's schema with the numbered migrations, and refuses one that a newer program wrote. The
/// number of the last migration stands in <c>user_version</c>, so that a start with nothing to do costs one pragma.
/// </summary>
/// <remarks>
/// All migrations and the number are one transaction: a crash in the middle leaves the older schema. Before it a copy of the file is
/// kept beside it (<see cref="SchemaBackup"/>).
/// </remarks>
internal static class Schema
{
    private const string Folder = "Sealpost.Storage.Sqlite.Migrations.";

    /// <summary>The migrations in their order.</summary>
    public static IReadOnlyList<SqlScript> Migrations { get; } =
    [
        .. typeof(Schema).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    /// <summary>The last migration's number: the schema this program works with.</summary>
    public static int Version { get; } = NumberOf(Migrations[^1]);

    /// <returns>True when the database was empty.</returns>
    /// <exception cref="StoreException">The database is newer than this program, or a migration or the copy before it failed: nothing was changed.</exception>
    public static bool BringUpToDate(SqliteConnection connection, string path) => BringUpToDate(connection, path, Migrations);

    /// <inheritdoc cref="BringUpToDate(SqliteConnection, string)"/>
    /// <param name="connection">Writes to the database.</param>
    /// <param name="path">The database's file.</param>
    /// <param name="migrations">In their order.</param>
    internal static bool BringUpToDate(SqliteConnection connection, string path, IReadOnlyList<SqlScript> migrations)
    {
        var (present, wanted) = (UserVersion(connection), NumberOf(migrations[^1]));
        if (present > wanted)
        {
            throw new StoreException(
                StoreFault.Newer,
                $"{path} has schema {present}, this version of sealpost knows {wanted}: start the version that wrote it");
        }

        if (present == wanted)
        {
            return false;
        }

        if (present > 0)
        {
            SchemaBackup.Keep(path, present, wanted);
        }

        Migrate(connection, path, migrations, wanted);
        SchemaBackup.ForgetOld(path);
        return present == 0;
    }

    private static void Migrate(SqliteConnection connection, string path, IReadOnlyList<SqlScript> migrations, int wanted)
    {
        // Last of all, and never noted as done.
        var number = new SqlScript(
            "user_version",
            string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={wanted}"),
            new SqlScriptOptions { ScriptType = ScriptType.RunAlways, RunGroupOrder = int.MaxValue });
        using var shared = new SharedConnection(connection);
        var result = DeployChanges.To
            .SqliteDatabase(shared)
            .WithScripts([.. migrations, number])
            .WithTransaction()
            .LogTo(new NoOpUpgradeLog())
            .Build()
            .PerformUpgrade();
        if (result.Successful)
        {
            return;
        }

        var fault = result.Error is SqliteException e ? SqliteFaults.Translate(e, path).Fault : StoreFault.Broken;
        throw new StoreException(
            fault,
            $"{path}: migration {result.ErrorScript?.Name} failed and nothing was changed, the version of sealpost before still runs on it: {result.Error.Message}",
            result.Error);
    }

    private static int UserVersion(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static SqlScript Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return new SqlScript(resource, reader.ReadToEnd());
    }

    private static int NumberOf(SqlScript migration) =>
        int.Parse(migration.Name.AsSpan(Folder.Length, 4), NumberStyles.None, CultureInfo.InvariantCulture);
}
