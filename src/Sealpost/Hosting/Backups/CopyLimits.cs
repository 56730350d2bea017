namespace Sealpost.Hosting.Backups;

/// <summary>
/// How far a copy may go at the running service's cost: its log grows while the copy is made, and so does whatever shares its disk. Asked
/// every few megabytes; the service always comes first.
/// </summary>
/// <param name="database">The running database.</param>
/// <param name="reserveBytes">What must stay free on its disk.</param>
internal sealed class CopyLimits(string database, long reserveBytes)
{
    /// <summary>Some seventeen times what the log has between two checkpoints.</summary>
    private const long LeastLogBytes = 1L << 30;

    private readonly DriveInfo _disk = new(Path.GetDirectoryName(database)!);

    /// <summary>The log's bound: 1 GiB, or a quarter of a large database.</summary>
    public static long LogBytes(long databaseBytes) => Math.Max(LeastLogBytes, databaseBytes / 4);

    /// <exception cref="BackupException">It may not go on.</exception>
    public void Judge(long databaseBytes)
    {
        var log = new FileInfo(database + "-wal");
        if (log.Exists && log.Length > LogBytes(databaseBytes))
        {
            throw new BackupException(
                $"the service wrote {log.Length >> 20} MiB of log while it was copied, more than it should keep: write the backup to a faster disk, or at a quieter time. Nothing was left behind.");
        }

        if (_disk.AvailableFreeSpace < reserveBytes)
        {
            throw new BackupException(
                $"less than the reserve of {reserveBytes >> 20} MiB (Limits:DiskReserveBytes) would be left on the disk of {database}: make room, or write the backup to another disk. Nothing was left behind.");
        }
    }
}
