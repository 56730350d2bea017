using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// Reads deliveries' rows for one page of a list, and counts what that costs: a page whose filter matches little ends when its
/// budget is spent, and its cursor goes on from there.
/// </summary>
/// <param name="db">In one snapshot.</param>
/// <param name="budget">In rows read one after the other.</param>
internal sealed class DeliveryRows(sqlite3 db, int budget) : IDisposable
{
    /// <summary>Some ten milliseconds, where all has to come from the disk's cache.</summary>
    public const int DefaultBudget = 20_000;

    /// <summary>What a row by its id costs: it is on a page of its own.</summary>
    private const int LookUp = 8;

    private const string Columns = "id, install, conversation_key, event_type, accepted_at, state, lane_previous, install_previous";

    private readonly Statement _one = new(db, $"SELECT {Columns} FROM deliveries WHERE id=?1");
    private readonly Statement _down = new(db, $"SELECT {Columns} FROM deliveries WHERE id>=?1 AND id<?2 ORDER BY id DESC");

    /// <summary>What is left of the budget.</summary>
    public int Left { get; private set; } = budget;

    public bool IsSpent => Left <= 0;

    /// <summary>Null when the row is gone.</summary>
    public ListRow? Find(long id)
    {
        Left -= LookUp;
        if (!_one.Bind(1, id).Step())
        {
            return null;
        }

        var row = Row(_one);
        _one.Reset();
        return row;
    }

    /// <summary>Rows one after the other, newest first. One walk at a time.</summary>
    public IEnumerable<ListRow> Down(long from, long before)
    {
        _down.Bind(1, from).Bind(2, before);
        try
        {
            while (_down.Step())
            {
                Left--;
                yield return Row(_down);
            }
        }
        finally
        {
            _down.Reset();
        }
    }

    public void Dispose()
    {
        _one.Dispose();
        _down.Dispose();
    }

    private static ListRow Row(Statement row) => new(
        row.Long(0), row.Int(1), row.Long(2), row.Int(3), row.Long(4), row.Int(5), row.IsNull(6) ? null : row.Long(6), row.IsNull(7) ? null : row.Long(7));
}
