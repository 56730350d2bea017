using System.Formats.Tar;
using System.Security.Cryptography;

namespace Sealpost.Hosting.Backups;

/// <summary>A backup as a file: a tar of the manifest and the parts it lists, in its order.</summary>
internal static class BackupArchive
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MaxManifestBytes = 16 << 20;
    private const int BufferBytes = 1 << 20;

    // What is written in one go must not make the service's own commits wait for seconds.
    private const int BytesBetweenFlushes = 32 << 20;

    /// <summary>Writes the archive, its owner's alone, and brings it to the disk.</summary>
    /// <param name="path">The new file.</param>
    /// <param name="manifest">What goes in.</param>
    /// <param name="folder">Where the parts are, by their names.</param>
    /// <param name="progress">Takes the bytes written.</param>
    /// <param name="cancellation">Ends it; what is there then is no archive.</param>
    public static void Write(string path, BackupManifest manifest, string folder, Action<long> progress, CancellationToken cancellation)
    {
        using var file = File.Open(path, Private());
        using (var tar = new TarWriter(file, TarEntryFormat.Pax, leaveOpen: true))
        {
            Add(tar, BackupManifest.Name, manifest, new MemoryStream(manifest.ToJson()));
            var (written, flushed) = (0L, 0L);
            foreach (var part in manifest.Parts)
            {
                using var from = new WatchedStream(File.OpenRead(PathIn(folder, part)), Told, cancellation);
                Add(tar, part.Name, manifest, from);
            }

            void Told(int bytes)
            {
                progress(written += bytes);
                if (written - flushed >= BytesBetweenFlushes)
                {
                    flushed = written;
                    file.Flush(flushToDisk: true);
                }
            }
        }

        file.Flush(flushToDisk: true);
    }

    /// <summary>Takes an archive apart into a folder, each part checked against the manifest and on the disk when this returns.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="folder">Where the parts go, by their names.</param>
    /// <param name="judge">Sees the manifest before anything is written; may throw.</param>
    /// <param name="progress">Takes the bytes read.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BackupException">It is no backup, cut off, or altered.</exception>
    public static BackupManifest Read(string path, string folder, Action<BackupManifest> judge, Action<long> progress, CancellationToken cancellation)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
            using var tar = new TarReader(file);
            var manifest = ReadManifest(tar);
            judge(manifest);
            foreach (var part in manifest.Parts)
            {
                Extract(tar.GetNextEntry(), part, PathIn(folder, part), progress, cancellation);
            }

            return tar.GetNextEntry() is { } more
                ? throw new BackupException($"{path} is altered: {more.Name} is not in its manifest. Nothing was restored; take another backup.")
                : manifest;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new BackupException($"{path} is no backup, cut off or damaged. Nothing was restored; take another backup. ({e.Message})", e);
        }
    }

    /// <summary>The SHA-256 of a file, as manifests have it.</summary>
    public static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Where a part is below a folder.</summary>
    public static string PathIn(string folder, BackupPart part) => Path.Combine([folder, .. part.Name.Split('/')]);

    public static FileStreamOptions Private()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = BufferBytes };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    private static void Add(TarWriter tar, string name, BackupManifest manifest, Stream content) => tar.WriteEntry(
        new PaxTarEntry(TarEntryType.RegularFile, name) { Mode = OwnerOnly, ModificationTime = manifest.MadeAt, DataStream = content });

    private static BackupManifest ReadManifest(TarReader tar)
    {
        if (tar.GetNextEntry() is not { EntryType: TarEntryType.RegularFile, Name: BackupManifest.Name, DataStream: { } content, Length: <= MaxManifestBytes })
        {
            throw new InvalidDataException("it does not begin with a manifest");
        }

        using var json = new MemoryStream();
        content.CopyTo(json);
        return BackupManifest.Parse(json.GetBuffer().AsSpan(0, (int)json.Length));
    }

    private static void Extract(TarEntry? entry, BackupPart part, string target, Action<long> progress, CancellationToken cancellation)
    {
        if (entry is null || entry.EntryType != TarEntryType.RegularFile || entry.Name != part.Name || entry.Length != part.Bytes)
        {
            throw new InvalidDataException($"{part.Name} is not where the manifest says");
        }

        Lifetime.DataDirectory.CreateFolder(Path.GetDirectoryName(target)!);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var to = File.Open(target, Private());
        var buffer = new byte[BufferBytes];
        var left = part.Bytes;
        while (left > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = entry.DataStream!.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (read == 0)
            {
                throw new EndOfStreamException($"{part.Name} is cut off");
            }

            hash.AppendData(buffer, 0, read);
            to.Write(buffer, 0, read);
            left -= read;
            progress(read);
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != part.Sha256)
        {
            throw new InvalidDataException($"{part.Name} is not what was backed up");
        }

        to.Flush(flushToDisk: true);
    }
}
