using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sealpost.Storage;

/// <summary>Makes names of files durable: a renamed file has its new name after a power cut only once its folder is on the disk.</summary>
internal static class Durable
{
    private const int ReadOnly = 0;

    /// <summary>Waits until the folder's names are on the disk. Nothing to do on Windows, which opens no folders.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void Folder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var opened = Open(path, ReadOnly);
        if (opened < 0)
        {
            throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }

        using var folder = new SafeFileHandle(opened, ownsHandle: true);
        RandomAccess.FlushToDisk(folder);
    }

    // The framework opens no folder.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
