using System.Text;

namespace Sealpost.Vault;

/// <summary>A one-line secret in a file that its owner alone can read.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The file's text without the line's end.</summary>
    /// <exception cref="VaultException">It cannot be read, is empty, or is open to others.</exception>
    public static Secret Read(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
            {
                throw new VaultException($"{path} is open to other users: chmod 600 it, and change the secret if others may have read it");
            }

            var text = File.ReadAllText(path, Encoding.UTF8).TrimEnd('\r', '\n');
            return text.Length > 0 ? new Secret(text) : throw new VaultException($"{path} is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes a new file, whole and on the disk, or nothing: it is renamed to its name after the fsync.</summary>
    /// <exception cref="VaultException">It cannot be written, or is there already.</exception>
    public static void Create(string path, Secret secret)
    {
        var unfinished = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using (var file = new FileStream(unfinished, options))
            {
                file.Write(secret.Utf8);
                file.WriteByte((byte)'\n');
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultException($"{path} cannot be written: {e.Message}", e);
        }
    }
}
