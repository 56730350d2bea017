using System.Text.Json;
using Sealpost.Cli.Client;

namespace Sealpost.Cli.Doctor;

/// <summary>The data directory: present, writable, private, with room beyond the service's reserve.</summary>
internal static class LocalChecks
{
    // contract.md, Limits:DiskReserveBytes.
    private const long DefaultReserveBytes = 1L << 30;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public static IEnumerable<Finding> Run(string folder, Func<string, string?> variable)
    {
        if (!Directory.Exists(folder))
        {
            return [new(Level.Fail, "data", $"{Path.GetFullPath(folder)} does not exist: `sealpost serve` makes it, or name another with --data.")];
        }

        return [Writable(folder), Token(folder), Disk(new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace, Reserve(folder, variable))];
    }

    /// <summary>Below the reserve the service refuses every event; the warning comes at twice that.</summary>
    public static Finding Disk(long freeBytes, long reserveBytes)
    {
        var text = $"{Mib(freeBytes)} free, {Mib(reserveBytes)} are the reserve (Limits:DiskReserveBytes)";
        return freeBytes <= reserveBytes ? new(Level.Fail, "disk", $"{text}: publishing is refused until space is made.")
            : freeBytes <= 2 * reserveBytes ? new(Level.Warn, "disk", $"{text}: make space soon.")
            : new(Level.Ok, "disk", $"{text}.");
    }

    private static string Mib(long bytes) => $"{bytes >> 20:N0} MiB";

    private static Finding Writable(string folder)
    {
        var probe = Path.Combine(folder, $".doctor-{Guid.NewGuid():N}");
        try
        {
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            return new(Level.Ok, "data", $"{Path.GetFullPath(folder)} is writable.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new(Level.Fail, "data", $"{Path.GetFullPath(folder)} cannot be written: {refused.Message}");
        }
    }

    private static Finding Token(string folder)
    {
        var file = Path.Combine(folder, "admin-token");
        if (!File.Exists(file))
        {
            return new(Level.Warn, "token", $"{file} is not there: the service makes it unless SEALPOST_ADMIN_TOKEN is set.");
        }

        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None
            ? new(Level.Fail, "token", $"{file} can be read by others: chmod 600 it, then replace it.")
            : new(Level.Ok, "token", $"{file} is there and private.");
    }

    private static long Reserve(string folder, Func<string, string?> variable)
    {
        if (long.TryParse(variable("SEALPOST_Limits__DiskReserveBytes"), out var set))
        {
            return set;
        }

        var file = Path.Combine(folder, "sealpost.json");
        if (!File.Exists(file))
        {
            return DefaultReserveBytes;
        }

        try
        {
            var settings = JsonElement.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return long.TryParse(settings.Member("Limits").Text("DiskReserveBytes"), out var written) ? written : DefaultReserveBytes;
        }
        catch (JsonException)
        {
            // The service itself refuses to start on it, with the line and the reason.
            return DefaultReserveBytes;
        }
    }
}
