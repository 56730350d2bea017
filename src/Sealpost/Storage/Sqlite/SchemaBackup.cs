using System.Globalization;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// The copies of a database that are made before its schema is migrated: <c>sealpost.db.schema-3.bak</c> beside it is the database as the
/// version that knows schema 3 left it. The last three are kept.
/// </summary>
internal static class SchemaBackup
{
    private const int Kept = 3;

    /// <summary>Makes the copy; one of the same schema is replaced. It has its name only once it is whole and on the disk.</summary>
    /// <exception cref="StoreException">It could not be made; nothing was changed.</exception>
    public static void Keep(string path, int schema, int wanted)
    {
        var copy = string.Create(CultureInfo.InvariantCulture, $"{path}.schema-{schema}.bak");
        var unfinished = copy + ".unfinished";
        try
        {
            StoreCopy.Make(path, unfinished, static (_, _) => { }, CancellationToken.None);
            File.Move(unfinished, copy, overwrite: true);
            Durable.Folder(Path.GetDirectoryName(Path.GetFullPath(copy))!);
        }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
        {
            File.Delete(unfinished);
            throw new StoreException(
                e is StoreException store ? store.Fault : StoreFault.Full,
                $"{path} must go from schema {schema} to {wanted}, and the copy that is kept of it before could not be made: "
                    + $"make room for {new FileInfo(path).Length >> 20} MiB beside it and start again; nothing was changed ({e.Message})",
                e);
        }
    }

    /// <summary>Removes all but the last few, by their schema.</summary>
    public static void ForgetOld(string path)
    {
        foreach (var old in Copies(path).OrderByDescending(copy => copy.Schema).Skip(Kept))
        {
            File.Delete(old.Path);
        }
    }

    private static IEnumerable<(int Schema, string Path)> Copies(string path)
    {
        var prefix = Path.GetFileName(path) + ".schema-";
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, prefix + "*.bak"))
        {
            var number = Path.GetFileNameWithoutExtension(file)[prefix.Length..];
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var schema))
            {
                yield return (schema, file);
            }
        }
    }
}
