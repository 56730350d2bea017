using Sealpost.Vault;

namespace Sealpost.Cli;

/// <summary>Secrets come from files and go to files, never through the argument list, which other users can read.</summary>
internal static class SecretFile
{
    /// <summary>The secret in a file: its bytes, without one trailing newline (contract.md, <c>sign</c>).</summary>
    public static Secret Read(string path)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        if (bytes is [.., (byte)'\n'])
        {
            bytes = bytes is [.., (byte)'\r', (byte)'\n'] ? bytes[..^2] : bytes[..^1];
        }

        return bytes.IsEmpty ? throw new VerbFailedException($"the secret file {path} is empty.") : new Secret(bytes);
    }

    /// <summary>Writes the secret alone, without a newline, readable by its owner only; a file that exists is replaced.</summary>
    public static void Write(string path, Secret secret)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
        {
            // The create mode does not count for a file that was there before.
            File.SetUnixFileMode(file.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        file.Write(secret.Utf8);
    }
}
