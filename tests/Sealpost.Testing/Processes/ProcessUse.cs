using System.Globalization;

namespace Sealpost.Testing.Processes;

/// <summary>What a process holds at one moment, as the system counts it (proc(5)).</summary>
/// <param name="Threads">Threads of the system.</param>
/// <param name="Files">Open file descriptors, sockets among them.</param>
/// <param name="Sockets">Open sockets.</param>
/// <param name="ResidentBytes">Memory in use.</param>
public sealed record ProcessUse(int Threads, int Files, int Sockets, long ResidentBytes)
{
    public static ProcessUse Of(int processId)
    {
        int files = 0, sockets = 0;
        foreach (var descriptor in Directory.EnumerateFiles($"/proc/{processId}/fd"))
        {
            files++;
            sockets += IsSocket(descriptor) ? 1 : 0;
        }

        var status = File.ReadAllLines($"/proc/{processId}/status");
        return new ProcessUse((int)Read(status, "Threads:"), files, sockets, Read(status, "VmRSS:") * 1024);
    }

    // Between listing and looking it may have been closed.
    private static bool IsSocket(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static long Read(IEnumerable<string> status, string name)
    {
        var line = status.First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
