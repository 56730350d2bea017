using System.Globalization;
using System.Reflection;
using Sealpost.Storage;
using Sealpost.Storage.Sqlite;

namespace Sealpost.Hosting.Backups;

/// <summary>
/// <c>sealpost backup</c>: a data directory as one file, while its service runs or while it does not. (1) Consistent copies of the
/// database and of the log of attempts. (2) Each is checked. (3) They are packed with a manifest. (4) The archive is on the disk, and
/// only then gets its name.
/// </summary>
public static class StoreBackup
{
    /// <summary>Makes the backup. Gives what is in it.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="progress">Is told how far it has come, often.</param>
    /// <param name="cancellation">Ends it; nothing is left behind.</param>
    /// <exception cref="BackupException">It could not be made; nothing is left behind, and an older file stays as it is.</exception>
    public static BackupManifest Make(BackupRequest request, Action<BackupProgress> progress, CancellationToken cancellation)
    {
        var (data, file) = (Path.GetFullPath(request.Data), Path.GetFullPath(request.File));
        Refuse(request, data, file);
        try
        {
            using var place = Workplace.Open(file);
            var limits = new CopyLimits(Path.Combine(data, BackupPart.Database), request.DiskReserveBytes);
            var manifest = Collect(request, data, place.Parts, limits, progress, cancellation);
            var total = Math.Max(1, manifest.Parts.Sum(part => part.Bytes));
            BackupArchive.Write(place.Archive, manifest, place.Parts, done => progress(new("packing", done, total)), cancellation);
            if (File.Exists(file) && !request.Replace)
            {
                throw new BackupException($"{file} has come to be meanwhile: name another file.");
            }

            File.Move(place.Archive, file, overwrite: true);
            Durable.Folder(Path.GetDirectoryName(file)!);
            return manifest;
        }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"no backup was made: {e.Message}", e);
        }
    }

    private static void Refuse(BackupRequest request, string data, string file)
    {
        if (!File.Exists(Path.Combine(data, BackupPart.Database)))
        {
            throw new BackupException($"{data} has no {BackupPart.Database}: name the service's data directory with --data.");
        }

        if (Directory.Exists(file) || (File.Exists(file) && !request.Replace))
        {
            throw new BackupException($"{file} is there already: name another file, or replace it with --force.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(file)))
        {
            throw new BackupException($"{Path.GetDirectoryName(file)} does not exist: make it, or name another file.");
        }

        // The copies, and the archive they are packed into.
        var needed = 2 * Sources(data).Sum(source => new FileInfo(source).Length);
        var free = new DriveInfo(Path.GetDirectoryName(file)!).AvailableFreeSpace;
        if (free < needed)
        {
            throw new BackupException($"the backup needs {needed >> 20} MiB for a while, and {free >> 20} MiB are free beside {file}: make room, or name a file on another disk.");
        }
    }

    private static BackupManifest Collect(
        BackupRequest request, string data, string folder, CopyLimits limits, Action<BackupProgress> progress, CancellationToken cancellation)
    {
        var madeAt = request.Time.GetUtcNow();
        var names = new List<string> { BackupPart.Database };
        var omitted = new List<string>();
        var database = Path.Combine(folder, BackupPart.Database);
        StoreCopy.Make(Path.Combine(data, BackupPart.Database), database, Watch, cancellation);
        progress(new("checking", 0, 1));
        StoreCheck.Whole(database);
        names.AddRange(CopyAttempts(data, folder, omitted, Watch, cancellation));
        if (request.WithKeys)
        {
            names.AddRange(CopyKeys(data, folder));
        }

        return new BackupManifest
        {
            Format = BackupManifest.PresentFormat,
            Version = typeof(StoreBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Schema = StoreCheck.SchemaOf(database),
            MadeAt = madeAt,
            WithKeys = request.WithKeys,
            Parts = names.ConvertAll(name => PartOf(Path.Combine(folder, name), name)),
            Omitted = omitted,
        };

        void Watch(long done, long total)
        {
            limits.Judge(total);
            progress(new("copying", done, Math.Max(1, total)));
        }
    }

    // A day that is damaged or has been removed meanwhile is left out: it is the history, and nothing that is owed.
    private static List<string> CopyAttempts(string data, string folder, List<string> omitted, Action<long, long> watch, CancellationToken cancellation)
    {
        var names = new List<string>();
        Lifetime.DataDirectory.CreateFolder(Path.Combine(folder, BackupPart.Attempts));
        foreach (var source in Sources(data).Skip(1))
        {
            var name = $"{BackupPart.Attempts}/{Path.GetFileName(source)}";
            try
            {
                StoreCopy.Make(source, Path.Combine(folder, name), watch, cancellation);
                StoreCheck.Whole(Path.Combine(folder, name));
                names.Add(name);
            }
            catch (StoreException e) when (e.Fault == StoreFault.Corrupt || !File.Exists(source))
            {
                File.Delete(Path.Combine(folder, name));
                omitted.Add(name);
            }
        }

        return names;
    }

    private static List<string> CopyKeys(string data, string folder)
    {
        var tls = Path.Combine(data, BackupPart.Tls);
        var names = BackupPart.KeyFiles.Where(name => File.Exists(Path.Combine(data, name))).ToList();
        if (Directory.Exists(tls))
        {
            names.AddRange(Directory.EnumerateFiles(tls).Order(StringComparer.Ordinal).Select(path => $"{BackupPart.Tls}/{Path.GetFileName(path)}"));
        }

        Lifetime.DataDirectory.CreateFolder(Path.Combine(folder, BackupPart.Tls));
        foreach (var name in names)
        {
            using var from = File.OpenRead(Path.Combine(data, name));
            using var to = File.Open(Path.Combine(folder, name), BackupArchive.Private());
            from.CopyTo(to);
        }

        return names;
    }

    private static BackupPart PartOf(string path, string name) => new(name, new FileInfo(path).Length, BackupArchive.HashOf(path));

    // The database first: a delivery that is in it may lack its last attempt, which is better than the opposite.
    private static IEnumerable<string> Sources(string data)
    {
        var attempts = Path.Combine(data, BackupPart.Attempts);
        var days = Directory.Exists(attempts)
            ? Directory.EnumerateFiles(attempts, "*.db").Where(path => DateOnly.TryParseExact(
                Path.GetFileNameWithoutExtension(path), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            : [];
        return [Path.Combine(data, BackupPart.Database), .. days.Order(StringComparer.Ordinal)];
    }
}
