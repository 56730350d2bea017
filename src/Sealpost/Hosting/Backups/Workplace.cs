using Sealpost.Hosting.Lifetime;

namespace Sealpost.Hosting.Backups;

/// <summary>The folder <c>FILE.unfinished</c> beside a backup in the making. What a run that was killed left there the next one removes.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly FileStream _lock;

    private Workplace(string path, FileStream heldLock) => (Path, _lock) = (path, heldLock);

    public string Path { get; }

    /// <summary>The copies of the parts.</summary>
    public string Parts => System.IO.Path.Combine(Path, "parts");

    /// <summary>The archive, before it has its name.</summary>
    public string Archive => System.IO.Path.Combine(Path, "archive");

    /// <exception cref="BackupException">Another process is making the same backup.</exception>
    public static Workplace Open(string file)
    {
        var path = file + ".unfinished";
        DataDirectory.CreateFolder(path);
        FileStream held;
        try
        {
            held = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new BackupException($"{path} is in use: another run is making this backup, wait for it or name another file. ({e.Message})", e);
        }

        var place = new Workplace(path, held);
        File.Delete(place.Archive);
        if (Directory.Exists(place.Parts))
        {
            Directory.Delete(place.Parts, recursive: true);
        }

        DataDirectory.CreateFolder(place.Parts);
        return place;
    }

    public void Dispose()
    {
        // The name goes before the lock: nobody takes the place over half way.
        Directory.Delete(Path, recursive: true);
        _lock.Dispose();
    }
}
