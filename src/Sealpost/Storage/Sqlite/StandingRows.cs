using System.Text.Json;
using Sealpost.Retry;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>How installs stand, as rows: one for each that is not up.</summary>
internal sealed class StandingRows(sqlite3 db) : IDisposable
{
    private readonly Statement _put = new(
        db,
        """
        INSERT OR REPLACE INTO standings(install, state, failed_since, failing, step, round_at, watermark) VALUES(?1,?2,?3,?4,?5,?6,?7)
        """);

    private readonly Statement _delete = new(db, "DELETE FROM standings WHERE install=?1");

    public static List<(int Install, Standing Standing)> Read(sqlite3 db)
    {
        using var all = new Statement(db, "SELECT install, state, failed_since, failing, step, round_at, watermark FROM standings");
        var standings = new List<(int, Standing)>();
        while (all.Step())
        {
            standings.Add((all.Int(0), Standing.Restore(
                (InstallState)all.Int(1),
                all.IsNull(2) ? null : all.Time(2),
                JsonSerializer.Deserialize<Dictionary<string, long>>(all.Text(3))!,
                all.Int(4),
                all.IsNull(5) ? null : all.Time(5),
                all.Long(6))));
        }

        return standings;
    }

    public void Write(int install, Standing standing)
    {
        if (standing.State == InstallState.Up)
        {
            _delete.Bind(1, install).Run();
            return;
        }

        _put.Bind(1, install).Bind(2, (long)standing.State).Bind(3, standing.FailedSince).Bind(4, JsonSerializer.Serialize(standing.Failing))
            .Bind(5, (long)standing.Step).Bind(6, standing.RoundAt).Bind(7, standing.Watermark).Run();
    }

    public void Dispose()
    {
        _put.Dispose();
        _delete.Dispose();
    }
}
