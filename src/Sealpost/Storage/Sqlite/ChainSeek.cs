using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// Finds where chains go on below an id: (1) at that id itself, where it is a link, (2) close below it, (3) from a mark, or from the
/// chain's end, down along it. Within half of the budget: a chain that is longer is not found, and the list looks at every row
/// instead.
/// </summary>
/// <param name="db">In one snapshot.</param>
/// <param name="rows">Reads the rows.</param>
/// <param name="scope">What is asked for.</param>
internal sealed class ChainSeek(sqlite3 db, DeliveryRows rows, DeliveryScope scope)
{
    /// <summary>Rows that (2) looks at: less than a millisecond.</summary>
    public const int CloseRows = 2048;

    private readonly Dictionary<int, long?> _found = [];

    /// <summary>Where each install's chain goes on; null where it has ended. The whole is null when that was not found.</summary>
    /// <param name="starts">The installs with where their chains begin.</param>
    /// <param name="before">Above what is wanted.</param>
    /// <param name="known">Chains that are known already.</param>
    public IReadOnlyDictionary<int, long?>? Find(IReadOnlyList<ChainStart> starts, long before, IReadOnlyDictionary<int, long?>? known = null)
    {
        foreach (var (install, id) in known ?? new Dictionary<int, long?>())
        {
            _found[install] = id;
        }

        var mustWalk = before != long.MaxValue;
        if (mustWalk && known is null)
        {
            LookClose([.. starts.Select(start => start.Install)], before);
        }

        var bound = rows.Left / 2;
        using var marks = new InstallMarks(db, before);
        foreach (var start in starts.Where(start => !_found.ContainsKey(start.Install)))
        {
            var id = scope.ConversationKey is { } key ? start.LaneEnd(db, key) : marks.Of(start.Install, start.InstallEnd);
            while (mustWalk && id >= before)
            {
                if (rows.Left < bound)
                {
                    return null;
                }

                id = rows.Find(id.Value) is { } row ? Previous(row) : null;
            }

            _found[start.Install] = id;
        }

        return _found;
    }

    private long? Previous(ListRow row) => scope.ConversationKey is null ? row.InstallPrevious : row.LanePrevious;

    private void LookClose(HashSet<int> unknown, long before)
    {
        if (rows.Find(before) is { } last && IsLink(last) && unknown.Remove(last.Install))
        {
            _found[last.Install] = Previous(last);
        }

        if (unknown.Count == 0)
        {
            return;
        }

        foreach (var row in rows.Down(scope.From, before).Take(CloseRows))
        {
            if (IsLink(row) && unknown.Remove(row.Install))
            {
                _found[row.Install] = row.Id;
                if (unknown.Count == 0)
                {
                    return;
                }
            }
        }
    }

    private bool IsLink(ListRow row) => scope.ConversationKey is null || row.ConversationKey == scope.ConversationKey;
}
