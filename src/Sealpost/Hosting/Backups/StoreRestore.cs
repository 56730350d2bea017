using System.Globalization;
using Sealpost.Hosting.Lifetime;
using Sealpost.Hosting.Settings;
using Sealpost.Storage;
using Sealpost.Storage.Sqlite;
using Sealpost.Vault;

namespace Sealpost.Hosting.Backups;

/// <summary>
/// <c>sealpost restore</c>: a backup becomes a data directory's store. (1) Nobody else may work on the directory. (2) The backup is taken
/// apart and checked, all of it, in a folder of the directory's own. (3) What is there moves aside. (4) The parts take their places,
/// the database last. A crash in 3 or 4 leaves <c>restoring/</c> behind, and the service does not start beside it.
/// </summary>
public static class StoreRestore
{
    // What a data directory may have beside its store and its keys; none of it speaks of what was accepted.
    private static readonly string[] Kept = ["lock", "url", "nonces.db", "nonces.db-wal", "nonces.db-shm", SettingsFile.Name, DataDirectory.Restoring];

    /// <summary>Restores. Gives what was restored.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="progress">Is told how far it has come, often.</param>
    /// <param name="cancellation">Ends it while nothing has been changed yet.</param>
    /// <exception cref="BackupException">It was refused: nothing was changed, unless the message says so.</exception>
    public static RestoreResult Make(RestoreRequest request, Action<BackupProgress> progress, CancellationToken cancellation)
    {
        var (file, data) = (Path.GetFullPath(request.File), Path.GetFullPath(request.Data));
        if (!File.Exists(file))
        {
            throw new BackupException($"{file} does not exist.");
        }

        RefuseOthers(data, request.Force);
        var isNew = !Directory.Exists(data);
        try
        {
            using var directory = DataDirectory.OpenForRestore(data);
            return Restore(request, file, directory, progress, cancellation);
        }
        catch (StartException e)
        {
            throw new BackupException($"{e.Message}: stop the service first.", e);
        }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"nothing was restored: {e.Message}", e);
        }
        finally
        {
            RemoveIfEmpty(data, isNew);
        }
    }

    // Not even a lock may be made in a folder that is somebody else's.
    private static void RefuseOthers(string data, bool force)
    {
        var present = Directory.Exists(data) ? Directory.EnumerateFileSystemEntries(data).Select(Path.GetFileName).ToList() : [];
        if (!present.Contains("lock") && !present.TrueForAll(name => IsStore(name!) || Kept.Contains(name) || BackupPart.KeyFiles.Contains(name) || name == BackupPart.Tls))
        {
            throw new BackupException($"{data} is not empty and no data directory of sealpost's: name another with --data.");
        }

        if (!force && present.Find(name => IsStore(name!)) is { } there)
        {
            throw new BackupException($"{data} has {there} already: name another directory with --data, or restore over it with --force, which keeps what is there aside.");
        }
    }

    private static RestoreResult Restore(RestoreRequest request, string file, DataDirectory directory, Action<BackupProgress> progress, CancellationToken cancellation)
    {
        var staging = Path.Combine(directory.Root, DataDirectory.Restoring);
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }

        DataDirectory.CreateFolder(staging);
        var moving = false;
        try
        {
            var parts = Path.Combine(staging, "parts");
            DataDirectory.CreateFolder(parts);
            var manifest = Unpack(file, parts, directory, request.Force, progress, cancellation);
            var needed = KeyNeeded(Path.Combine(parts, BackupPart.Database), manifest, directory.MasterKey, Path.Combine(parts, "master.key"));
            File.WriteAllText(directory.RestoreMark, "The store is being exchanged.\n");
            Durable.Folder(staging);
            moving = true;
            var aside = MoveAside(directory.Root, manifest, request.Time.GetUtcNow());
            TakePlaces(directory.Root, parts, manifest);
            Directory.Delete(staging, recursive: true);
            Durable.Folder(directory.Root);
            return new RestoreResult(manifest, aside, needed);
        }
        catch when (!moving)
        {
            Directory.Delete(staging, recursive: true);
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                $"the restore broke off while files were exchanged in {directory.Root}, and the service does not start until it is done: restore again with --force. What was there is in before-restore-… ({e.Message})", e);
        }
    }

    private static BackupManifest Unpack(string file, string parts, DataDirectory directory, bool force, Action<BackupProgress> progress, CancellationToken cancellation)
    {
        var (done, total) = (0L, 1L);
        var manifest = BackupArchive.Read(file, parts, Judge, bytes => progress(new("unpacking", done += bytes, total)), cancellation);
        progress(new("checking", 0, 1));
        foreach (var part in manifest.Parts.Where(part => part.Name.EndsWith(".db", StringComparison.Ordinal)))
        {
            cancellation.ThrowIfCancellationRequested();
            StoreCheck.Whole(BackupArchive.PathIn(parts, part));
        }

        var schema = StoreCheck.SchemaOf(Path.Combine(parts, BackupPart.Database));
        return schema == manifest.Schema
            ? manifest
            : throw new BackupException($"{file} is altered: its manifest says schema {manifest.Schema}, its database {schema}. Nothing was restored.");

        void Judge(BackupManifest found)
        {
            total = Math.Max(1, found.Parts.Sum(part => part.Bytes));
            if (found.Schema > Schema.Version)
            {
                throw new BackupException($"{file} has schema {found.Schema}, this version of sealpost knows {Schema.Version}: restore it with version {found.Version} or newer.");
            }

            if (found.Parts.All(part => part.Name != BackupPart.Database) || found.Parts.Any(part => !part.IsKnown) || found.Parts.DistinctBy(part => part.Name).Count() != found.Parts.Count)
            {
                throw new BackupException($"{file} is altered: its manifest lists what no backup has. Nothing was restored.");
            }

            if (!force && found.Parts.FirstOrDefault(part => Path.Exists(BackupArchive.PathIn(directory.Root, part))) is { } there)
            {
                throw new BackupException($"{directory.Root} has {there.Name} already, and so has the backup: restore over it with --force, which keeps what is there aside.");
            }

            var free = new DriveInfo(directory.Root).AvailableFreeSpace;
            if (free < total)
            {
                throw new BackupException($"the backup needs {total >> 20} MiB, and {free >> 20} MiB are free at {directory.Root}: make room.");
            }
        }
    }

    // The master key is checked now, and not by a start that fails at night.
    private static string? KeyNeeded(string database, BackupManifest manifest, string present, string restored)
    {
        if (StoreCheck.KeyCheckOf(database) is not { } check)
        {
            return null;
        }

        var path = manifest.Parts.Any(part => part.Name == "master.key") ? restored : present;
        if (!File.Exists(path))
        {
            return $"{present} is missing: put the copy that you keep apart there before you start the service, or set {SettingsReader.MasterKeyVariable}.";
        }

        try
        {
            return MasterKey.Parse(PrivateFile.Read(path), path).Fits(check)
                ? null
                : $"{present} is not the key that sealed this backup: put the right one there before you start the service.";
        }
        catch (VaultException e)
        {
            return $"{e.Message}.";
        }
    }

    // The old database goes first, so that no start finds it without its log.
    private static string? MoveAside(string data, BackupManifest manifest, DateTimeOffset now)
    {
        string[] names =
        [
            BackupPart.Database, BackupPart.Database + "-wal", BackupPart.Database + "-shm", BackupPart.Attempts,
            .. manifest.Parts.Select(part => part.Name.Split('/')[0]).Where(name => name != BackupPart.Database && name != BackupPart.Attempts).Distinct(StringComparer.Ordinal),
        ];
        var there = Array.FindAll(names, name => Path.Exists(Path.Combine(data, name)));
        if (there.Length == 0)
        {
            return null;
        }

        var aside = Path.Combine(data, string.Create(CultureInfo.InvariantCulture, $"before-restore-{now:yyyyMMdd'T'HHmmss'Z'}"));
        for (var number = 2; Path.Exists(aside); number++)
        {
            aside = Path.Combine(data, string.Create(CultureInfo.InvariantCulture, $"before-restore-{now:yyyyMMdd'T'HHmmss'Z'}-{number}"));
        }

        DataDirectory.CreateFolder(aside);
        Array.ForEach(there, name => Directory.Move(Path.Combine(data, name), Path.Combine(aside, name)));
        Durable.Folder(aside);
        Durable.Folder(data);
        return aside;
    }

    // The database comes last: a start that finds it finds everything.
    private static void TakePlaces(string data, string parts, BackupManifest manifest)
    {
        foreach (var part in manifest.Parts.OrderBy(part => part.Name == BackupPart.Database))
        {
            var target = BackupArchive.PathIn(data, part);
            DataDirectory.CreateFolder(Path.GetDirectoryName(target)!);
            File.Move(BackupArchive.PathIn(parts, part), target);
            Durable.Folder(Path.GetDirectoryName(target)!);
        }
    }

    private static void RemoveIfEmpty(string data, bool isNew)
    {
        if (isNew && Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).All(path => Path.GetFileName(path) == "lock"))
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static bool IsStore(string name) => name.StartsWith(BackupPart.Database, StringComparison.Ordinal) || name == BackupPart.Attempts;
}
