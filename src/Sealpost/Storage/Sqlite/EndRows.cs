using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>The rows behind <see cref="DeliveryEnds"/>.</summary>
/// <param name="db">The writing connection.</param>
internal sealed class EndRows(sqlite3 db) : IDisposable
{
    private const string FindLane = "SELECT sequence, delivery FROM lane_ends WHERE install=?1 AND conversation_key=?2";
    private const string Through = "ends_through";

    private readonly Statement _find = new(db, FindLane);

    private readonly Statement _lane = new(
        db, "INSERT OR REPLACE INTO lane_ends(install, conversation_key, sequence, delivery) VALUES(?1,?2,?3,?4)");

    private readonly Statement _install = new(db, "INSERT OR REPLACE INTO install_ends(install, delivery) VALUES(?1,?2)");

    private readonly Statement _mark = new(db, "INSERT OR REPLACE INTO install_marks(through, install, delivery) VALUES(?1,?2,?3)");
    private readonly Statement _through = new(db, $"INSERT OR REPLACE INTO meta(key, value) VALUES('{Through}', ?1)");

    public LaneEnd? Find(LaneKey lane) => Take(_find.Bind(1, lane.Install).Bind(2, lane.Conversation));

    /// <summary>The same in a reader's snapshot.</summary>
    public static LaneEnd? Find(sqlite3 db, LaneKey lane)
    {
        using var find = new Statement(db, FindLane);
        return Take(find.Bind(1, lane.Install).Bind(2, lane.Conversation));
    }

    public void Write(LaneKey lane, LaneEnd end) =>
        _lane.Bind(1, lane.Install).Bind(2, lane.Conversation).Bind(3, end.Sequence).Bind(4, end.Delivery).Run();

    public void Write(int install, long delivery) => _install.Bind(1, install).Bind(2, delivery).Run();

    /// <summary>The install's last delivery up to and with another, of whatever install.</summary>
    public void WriteMark(long through, int install, long delivery) => _mark.Bind(1, through).Bind(2, install).Bind(3, delivery).Run();

    /// <summary>The ends of all deliveries up to this one are written.</summary>
    public void WriteThrough(long delivery) => _through.Bind(1, delivery).Run();

    /// <summary>At the start: what is written of installs, and every delivery whose ends are not.</summary>
    public void Read(Action<int, long> takeInstall, Action<LaneKey, LaneEnd> takeDelivery)
    {
        using var installs = new Statement(db, "SELECT install, delivery FROM install_ends");
        while (installs.Step())
        {
            takeInstall(installs.Int(0), installs.Long(1));
        }

        using var deliveries = new Statement(
            db,
            $"""
            SELECT install, conversation_key, sequence, id FROM deliveries
            WHERE id>coalesce((SELECT value FROM meta WHERE key='{Through}'), 0) ORDER BY id
            """);
        while (deliveries.Step())
        {
            takeDelivery(new LaneKey(deliveries.Int(0), deliveries.Long(1)), new LaneEnd(deliveries.Long(2), deliveries.Long(3)));
        }
    }

    public void Dispose()
    {
        _find.Dispose();
        _lane.Dispose();
        _install.Dispose();
        _mark.Dispose();
        _through.Dispose();
    }

    private static LaneEnd? Take(Statement find)
    {
        if (!find.Step())
        {
            return null;
        }

        var end = new LaneEnd(find.Long(0), find.Long(1));
        find.Reset();
        return end;
    }
}
