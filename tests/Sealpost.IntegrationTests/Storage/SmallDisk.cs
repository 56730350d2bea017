using System.Diagnostics;
using System.Globalization;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Storage;

/// <summary>A file system of a few megabytes that a test can fill, in memory. Needs root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DataFolder _folder = new();

    private SmallDisk()
    {
    }

    public string File(string name) => _folder.File(name);

    /// <summary>Skips the test where none can be mounted.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        var disk = new SmallDisk();
        if (!Environment.IsPrivilegedProcess || Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "tmpfs", disk._folder.Path) != 0)
        {
            disk._folder.Dispose();
            Assert.Skip("no file system can be mounted here: it needs root and the right to mount");
        }

        return disk;
    }

    public void Dispose()
    {
        Run("umount", "-l", _folder.Path);
        _folder.Dispose();
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
