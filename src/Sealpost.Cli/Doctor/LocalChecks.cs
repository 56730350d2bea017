using System.Net;
using System.Net.Sockets;
using Sealpost.Hosting;
using Sealpost.Publishing;

namespace Sealpost.Cli.Doctor;

/// <summary>The data directory and this machine: settings, secrets' files, disk, store, ports.</summary>
internal static class LocalChecks
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    // Sixteen times what the log has between two checkpoints.
    private const long LargeLogBytes = 1L << 30;

    public static IEnumerable<Finding> Run(string folder, Terminal terminal)
    {
        if (!Directory.Exists(folder))
        {
            return [new(Level.Fail, "data", $"{Path.GetFullPath(folder)} does not exist: `sealpost serve` makes it, or name another with --data.")];
        }

        var valid = LocalSettings.TryRead(folder, terminal, out var settings, out var error);
        var reserve = (settings?.Limits ?? new LimitOptions()).DiskReserveBytes;
        var running = StoreFindings.IsInUse(folder);
        return
        [
            Writable(folder),
            valid ? new(Level.Ok, "settings", "they are valid.") : new(Level.Fail, "settings", $"{error}: the service does not start on them."),
            .. settings is null ? [] : Egress(settings.Egress.AllowedNetworks),
            Private(folder, "token", "admin-token", "SEALPOST_ADMIN_TOKEN", terminal),
            Private(folder, "key", "master.key", "SEALPOST_MASTER_KEY", terminal),
            Disk(new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace, reserve),
            .. Store(folder),
            .. running || settings is null ? [] : Ports(settings.Server),
        ];
    }

    /// <summary>Below the reserve the service refuses every event; the warning comes at twice that.</summary>
    public static Finding Disk(long freeBytes, long reserveBytes)
    {
        var text = $"{Mib(freeBytes)} free, {Mib(reserveBytes)} are the reserve (Limits:DiskReserveBytes)";
        return freeBytes <= reserveBytes ? new(Level.Fail, "disk", $"{text}: publishing is refused until space is made.")
            : freeBytes <= 2 * reserveBytes ? new(Level.Warn, "disk", $"{text}: make space soon.")
            : new(Level.Ok, "disk", $"{text}.");
    }

    /// <summary>A network that holds every address leaves the guard nothing to refuse.</summary>
    public static IEnumerable<Finding> Egress(IReadOnlyList<IPNetwork> allowed)
    {
        var everything = allowed.Where(network => network.PrefixLength == 0).ToList();
        return everything.Count > 0
            ? [new(Level.Warn, "egress", $"Egress:AllowedNetworks has {everything[0]}: endpoints may name this machine's own networks; list what you need instead.")]
            : [new(Level.Ok, "egress", allowed.Count == 0 ? "public addresses alone may be reached; by a service in Development, this machine too." : $"public addresses and {string.Join(", ", allowed)} may be reached.")];
    }

    public static Finding Judge(StoreFindings store)
    {
        var text = $"{Mib(store.Bytes)}, a log of {Mib(store.LogBytes)}";
        return store.Damage is { } damage ? new(Level.Fail, "store", $"{damage}: stop the service and restore a backup.")
            : store.IsChecked && store.LogBytes > LargeLogBytes ? new(Level.Warn, "store", $"whole, {text}: something has been reading for long, see that no other process holds sealpost.db open.")
            : !store.IsChecked ? new(Level.Warn, "store", $"{text}: not checked to its end, for the service writes too much meanwhile; check a backup of it, or ask again at a quieter time.")
            : new(Level.Ok, "store", $"whole, {text}.");
    }

    public static Finding JudgeSchema(StoreFindings store) =>
        store.Schema > store.KnownSchema ? new(Level.Fail, "schema", $"{store.Schema}, and this version of sealpost knows {store.KnownSchema}: start the version that wrote it.")
        : store.Schema < store.KnownSchema ? new(Level.Warn, "schema", $"{store.Schema}: the next start of this version migrates it to {store.KnownSchema}, after a copy beside it.")
        : new(Level.Ok, "schema", $"{store.Schema}.");

    private static IEnumerable<Finding> Store(string folder) => StoreFindings.Of(folder) is { } store
        ? store.Damage is null ? [Judge(store), JudgeSchema(store)] : [Judge(store)]
        : [new(Level.Warn, "store", "there is none yet: the first start makes it.")];

    private static IEnumerable<Finding> Ports(ServerOptions server) =>
        new[] { (Port: server.HttpPort, Flag: "--http"), (Port: server.HttpsPort, Flag: "--https") }.Where(wish => wish.Port != 0).Select(wish =>
        {
            try
            {
                using var socket = new Socket(server.Bind.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(server.Bind, wish.Port));
                return new Finding(Level.Ok, "port", $"{wish.Port} is free.");
            }
            catch (SocketException e)
            {
                return new Finding(Level.Warn, "port", $"{wish.Port} cannot be listened on ({e.Message}): end what has it, or serve with another {wish.Flag}.");
            }
        });

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

    private static Finding Private(string folder, string subject, string name, string variable, Terminal terminal)
    {
        var file = Path.Combine(folder, name);
        if (!File.Exists(file))
        {
            return terminal.Variable(variable) is not null
                ? new(Level.Ok, subject, $"it comes from {variable}.")
                : new(Level.Warn, subject, $"{file} is not there: the first start makes it unless {variable} is set; a store that is older needs its own.");
        }

        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None
            ? new(Level.Fail, subject, $"{file} can be read by others: chmod 600 it, then replace it.")
            : new(Level.Ok, subject, $"{file} is there and private.");
    }
}
