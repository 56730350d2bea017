using Sealpost.Deliveries;
using SQLitePCL;

namespace Sealpost.Storage.Sqlite;

/// <summary>The ids of one page.</summary>
/// <param name="Ids">Newest first.</param>
/// <param name="Next">Everything from this id on is decided, and older ones may match; null: there are none.</param>
/// <param name="Heads">Where the chains go on below it; null: not known, or too many for a cursor.</param>
internal readonly record struct PickedIds(IReadOnlyList<long> Ids, long? Next, IReadOnlyList<long>? Heads);

/// <summary>
/// Finds the newest ids in a scope: (1) a notification's right behind it, (2) dead and pending ones by their own small indexes,
/// (3) all others along the lanes or installs, after a look at what is recent where the whole account is asked for. Where the scope
/// has its share of the store, or is older than what retention keeps whole, it reads row after row instead.
/// </summary>
/// <remarks>
/// There is no index over lanes or installs: each new delivery would write a page of it, sixteen times its own size (ADR 16). A
/// delivery knows the one before it in its lane and of its install instead.
/// </remarks>
/// <param name="db">In one snapshot.</param>
/// <param name="rows">Reads rows, within a budget.</param>
/// <param name="scope">What is asked for.</param>
/// <param name="starts">The installs in the scope with where their chains begin.</param>
internal sealed class DeliveryPicks(sqlite3 db, DeliveryRows rows, DeliveryScope scope, IReadOnlyList<ChainStart> starts)
{
    /// <summary>Links between two looks at whether reading row after row is cheaper.</summary>
    private const int LinksPerLook = 256;

    /// <summary>A link costs as much as so many rows; each has an id, and its notification another.</summary>
    private const int DenseIds = 16;

    private readonly HashSet<int> _installs = [.. starts.Select(start => start.Install)];
    private readonly List<long> _picked = [];
    private long? _next;
    private List<long>? _heads;

    /// <summary>At most <see cref="DeliveryScope.Limit"/> ids; fewer where the budget is spent before.</summary>
    public PickedIds Find()
    {
        if (starts.Count > 0)
        {
            Pick();
        }

        return _picked.Count > scope.Limit ? new PickedIds(_picked[..scope.Limit], _picked[scope.Limit - 1], _heads) : new PickedIds(_picked, _next, _heads);
    }

    private bool IsFull => _picked.Count > scope.Limit;

    private void Pick()
    {
        if (scope.IsOfNotification)
        {
            if (!TakeReplays())
            {
                Scan(scope.Before);
            }
        }
        else if (scope.ConversationKey is null && scope.State is PublicState.Dead or PublicState.Pending)
        {
            ByIndex(scope.State == PublicState.Dead ? [("deliveries_dead", 3)] : [("deliveries_backlog", 0), ("deliveries_waiting", 1)]);
        }
        else if (Remembered() is { } places)
        {
            Along(scope.Before, places);
        }
        else if (scope.IsWide)
        {
            Recent();
        }
        else
        {
            Along(scope.Before);
        }
    }

    // True: the page is full.
    private bool TakeReplays()
    {
        foreach (var id in scope.Replays)
        {
            if (!IsFull && rows.Find(id) is { } row)
            {
                TakeIfWanted(row);
            }
        }

        return IsFull;
    }

    private void ByIndex(params ReadOnlySpan<(string Index, int State)> ways)
    {
        var statements = new List<Statement>();
        try
        {
            var descents = new List<Descent>();
            foreach (var (index, state) in ways)
            {
                var ids = new Statement(
                    db, $"SELECT id FROM deliveries INDEXED BY {index} WHERE install=?1 AND state={state} AND id>=?2 AND id<?3 ORDER BY id DESC LIMIT ?4");
                statements.Add(ids);
                descents.AddRange(starts.Select(start => new IndexDescent(ids, scope, start.Install)));
            }

            Merge(descents, mayScan: false);
        }
        finally
        {
            statements.ForEach(statement => statement.Dispose());
        }
    }

    // The whole account: what is recent first, and row after row as long as the account has its share.
    private void Recent()
    {
        var known = new Dictionary<int, long?>();
        var (looked, own, last) = (0, 0, scope.Before);
        foreach (var row in rows.Down(scope.From, scope.Before).Take(ChainSeek.CloseRows))
        {
            (looked, last) = (looked + 1, row.Id);
            if (_installs.Contains(row.Install))
            {
                own++;
                known[row.Install] = row.InstallPrevious;
                TakeIfWanted(row);
                if (IsFull)
                {
                    return;
                }
            }
        }

        if (looked < ChainSeek.CloseRows)
        {
            return;
        }

        if (own > looked / (DenseIds / 2))
        {
            Scan(last);
        }
        else
        {
            Along(last, new ChainSeek(db, rows, scope).Find(starts, last, known));
        }
    }

    private void Along(long before) => Along(before, before <= scope.Floor ? null : new ChainSeek(db, rows, scope).Find(starts, before));

    private void Along(long before, IReadOnlyDictionary<int, long?>? places)
    {
        if (places is null || before <= scope.Floor)
        {
            Scan(before);
            return;
        }

        // Below the floor rows are missing, and chains with them; what is left there is little.
        var from = Math.Max(scope.From, scope.Floor);
        var isThrough = Merge([.. places.Values.Select(start => new ChainDescent(start, from, Previous))], mayScan: true);
        if (isThrough && scope.From < scope.Floor)
        {
            Scan(Math.Min(before, scope.Floor));
        }
    }

    // What the page before has put into the cursor, where that is still so.
    private Dictionary<int, long?>? Remembered()
    {
        if (scope.Heads is not { } heads)
        {
            return null;
        }

        var places = new Dictionary<int, long?>();
        foreach (var head in heads)
        {
            var isLink = rows.Find(head) is { } row && head < scope.Before && _installs.Contains(row.Install)
                && (scope.ConversationKey is null || scope.ConversationKey == row.ConversationKey) && places.TryAdd(row.Install, head);
            if (!isLink)
            {
                return null;
            }
        }

        return places;
    }

    private long? Previous(ListRow row) => scope.ConversationKey is null ? row.InstallPrevious : row.LanePrevious;

    // True: all are through, and the page is not full.
    private bool Merge(IReadOnlyList<Descent> descents, bool mayScan)
    {
        var heads = new PriorityQueue<Descent, long>();
        foreach (var descent in descents)
        {
            Enqueue(descent);
        }

        var (visited, first) = (0, heads.Count > 0 ? heads.Peek().Head : 0);
        while (heads.TryDequeue(out var descent, out _))
        {
            var id = descent.Head;
            ListRow? row = null;
            if (mayScan || scope.IsNarrowed)
            {
                row = rows.Find(id);
                TakeIfWanted(row);
            }
            else
            {
                _picked.Add(id);
            }

            if (IsFull)
            {
                Enqueue(descent);
                Remember();
                return false;
            }

            descent.Next(row);
            Enqueue(descent);
            if (rows.IsSpent && heads.Count > 0)
            {
                _next = id;
                Remember();
                return false;
            }

            if (mayScan && ++visited % LinksPerLook == 0 && first - id < (long)DenseIds * visited)
            {
                Scan(id);
                return false;
            }
        }

        return true;

        void Remember() => _heads = mayScan && heads.Count < DeliveryCursor.MostIds - 2 ? [.. heads.UnorderedItems.Select(item => item.Element.Head)] : null;

        void Enqueue(Descent descent)
        {
            if (descent.Head > 0)
            {
                heads.Enqueue(descent, -descent.Head);
            }
        }
    }

    private void Scan(long before)
    {
        foreach (var row in rows.Down(scope.From, before))
        {
            TakeIfWanted(row);
            if (IsFull)
            {
                return;
            }

            if (rows.IsSpent)
            {
                _next = row.Id;
                return;
            }
        }
    }

    private void TakeIfWanted(ListRow? row)
    {
        if (row is { } present && _installs.Contains(present.Install) && scope.Matches(present))
        {
            _picked.Add(present.Id);
        }
    }
}
