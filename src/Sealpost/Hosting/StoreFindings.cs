using Sealpost.Hosting.Backups;
using Sealpost.Hosting.Lifetime;
using Sealpost.Storage;
using Sealpost.Storage.Sqlite;

namespace Sealpost.Hosting;

/// <summary>How a data directory's store is, whether or not its service runs; nothing of what it holds is changed.</summary>
/// <param name="Schema">The database's schema.</param>
/// <param name="KnownSchema">The schema that this version works with.</param>
/// <param name="Bytes">The database's file, without its log.</param>
/// <param name="LogBytes">Its log.</param>
/// <param name="Damage">What is wrong with it, in a sentence; null: nothing was found.</param>
public sealed record StoreFindings(int Schema, int KnownSchema, long Bytes, long LogBytes, string? Damage)
{
    /// <summary>It was read to its end. A running service's log grows meanwhile, and is not let grow without bound for a check.</summary>
    public bool IsChecked { get; init; } = true;

    /// <summary>Reads every page of the store once, as long as the service's log does not grow past what a backup would allow.</summary>
    /// <param name="data">The data directory.</param>
    /// <returns>Null: there is no store yet.</returns>
    public static StoreFindings? Of(string data)
    {
        var path = Path.Combine(Path.GetFullPath(data), "sealpost.db");
        if (!File.Exists(path))
        {
            return null;
        }

        var log = new FileInfo(path + "-wal");
        var found = new StoreFindings(0, Storage.Sqlite.Schema.Version, new FileInfo(path).Length, log.Exists ? log.Length : 0, Damage: null);
        try
        {
            found = found with { Schema = StoreCheck.SchemaOf(path) };
            return found with { IsChecked = StoreCheck.Whole(path, MayGoOn) };
        }
        catch (StoreException e)
        {
            return found with { Damage = e.Message };
        }

        bool MayGoOn()
        {
            log.Refresh();
            return !log.Exists || log.Length <= CopyLimits.LogBytes(found.Bytes);
        }
    }

    /// <summary>Whether a service works on the data directory.</summary>
    /// <param name="data">The data directory.</param>
    /// <exception cref="IOException">The lock cannot be looked at.</exception>
    public static bool IsInUse(string data)
    {
        var path = Path.Combine(data, "lock");
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using var free = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException e) when (DataDirectory.IsHeld(e))
        {
            return true;
        }
    }
}
