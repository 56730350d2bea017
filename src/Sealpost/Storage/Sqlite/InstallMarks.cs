using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>Where the chains of installs stood at the first mark at or above an id.</summary>
internal sealed class InstallMarks : IDisposable
{
    private readonly Statement _delivery;
    private readonly long? _through;

    /// <param name="db">In one snapshot.</param>
    /// <param name="id">Above what is wanted.</param>
    public InstallMarks(sqlite3 db, long id)
    {
        using var first = new Statement(db, "SELECT through FROM install_marks WHERE through>=?1 ORDER BY through LIMIT 1");
        _through = first.Bind(1, id).Step() ? first.Long(0) : null;
        _delivery = new Statement(db, "SELECT delivery FROM install_marks WHERE through=?1 AND install=?2");
    }

    /// <summary>A delivery of the install from which its chain leads to the id; null when it had none by then.</summary>
    /// <param name="install">The install's number.</param>
    /// <param name="end">Its last delivery.</param>
    public long? Of(int install, long? end)
    {
        if (_through is not { } through)
        {
            return end;
        }

        long? delivery = _delivery.Bind(1, through).Bind(2, install).Step() ? _delivery.Long(0) : null;
        _delivery.Reset();
        return delivery;
    }

    public void Dispose() => _delivery.Dispose();
}
