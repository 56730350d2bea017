namespace Sealpost.Hosting.Lifetime;

/// <summary>The folder of one process: everything it keeps. It is locked as long as this lives, so that no second process works on it.</summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>The folder of a restore that is under way, or was cut off.</summary>
    public const string Restoring = "restoring";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // errno of a lock that another process holds.
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;

    private readonly FileStream _lock;

    private DataDirectory(string root, FileStream heldLock)
    {
        Root = root;
        _lock = heldLock;
    }

    /// <summary>The folder's absolute path.</summary>
    public string Root { get; }

    public string Database => Path.Combine(Root, "sealpost.db");

    /// <summary>The nonces of signed requests. Without it, requests signed before the start are refused.</summary>
    public string Nonces => Path.Combine(Root, "nonces.db");

    /// <summary>The folder of the attempt log, a file for each day.</summary>
    public string Attempts => Path.Combine(Root, "attempts");

    public string Tls => Path.Combine(Root, "tls");

    public string AdminToken => Path.Combine(Root, "admin-token");

    public string MasterKey => Path.Combine(Root, "master.key");

    /// <summary>One line with the running process's HTTP URL, for the command line; absent while none runs.</summary>
    public string Url => Path.Combine(Root, "url");

    /// <summary>There while a restore exchanges the store: what is in the folder is neither the old nor the new.</summary>
    public string RestoreMark => Path.Combine(Root, Restoring, "exchanging");

    /// <summary>Makes the folder where it is absent, for its owner alone, and locks it.</summary>
    /// <exception cref="StartException">It cannot be made or written, another process has it, or a restore into it was cut off.</exception>
    public static DataDirectory Open(string path)
    {
        var directory = OpenForRestore(path);
        if (!File.Exists(directory.RestoreMark))
        {
            return directory;
        }

        directory.Dispose();
        throw new StartException($"{directory.Root}: a restore was cut off while it exchanged the store; run `sealpost restore` again, with --force");
    }

    /// <summary>The same for a restore, which may take up one that was cut off.</summary>
    /// <exception cref="StartException">It cannot be made or written, or another process has it.</exception>
    public static DataDirectory OpenForRestore(string path)
    {
        var root = Path.GetFullPath(path);
        try
        {
            CreateFolder(root);
            return new DataDirectory(root, Lock(root));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{root}: {e.Message}", e);
        }
    }

    /// <summary>A folder that its owner alone can look into; an existing one stays as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }

    /// <summary>Whether a lock could not be taken because another process has it.</summary>
    public static bool IsHeld(IOException e) => e.HResult is WouldBlockOnLinux or WouldBlockOnMac;

    public void Dispose() => _lock.Dispose();

    // The file stays when the process ends: the lock is the kernel's, so a killed process leaves none behind.
    private static FileStream Lock(string root)
    {
        try
        {
            return new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new StartException($"{root}: another sealpost process works on this data directory: end it, or name another with --data", e);
        }
    }
}
