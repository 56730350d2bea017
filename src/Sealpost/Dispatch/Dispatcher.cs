namespace Sealpost.Dispatch;

/// <summary>
/// Which lane sends next: a fair pick, round robin over origins and within each over installs, under the limit in all and the
/// adaptive limit of each origin.
/// </summary>
/// <remarks>
/// Origins stand in rows by what is known of them (docs/adr/0013). Slow ones hold at most half of all places, and together with
/// new ones three quarters: however many endpoints hang, those that answer fast find a place, and so do newcomers.
///
/// Not thread-safe: guarded by the lock of the mailrooms. Every step is constant time, however many lanes wait.
/// </remarks>
internal sealed class Dispatcher
{
    private const double ShareOfSlow = 0.5, ShareOfSlowAndNew = 0.75;

    private readonly Dictionary<string, Origin> _origins = new(StringComparer.Ordinal);
    private readonly OriginRow _new = new(), _quick = new(), _slow = new();
    private readonly OriginRow[] _rows;
    private readonly DispatchOptions _options;
    private readonly int _mostSlow, _mostSlowAndNew;
    private int _turn;

    public Dispatcher(DispatchOptions options)
    {
        _options = options;
        _rows = [_quick, _new, _slow];
        _mostSlow = Math.Max(1, (int)(ShareOfSlow * options.Concurrency));
        _mostSlowAndNew = Math.Max(1, (int)(ShareOfSlowAndNew * options.Concurrency));
    }

    public int InFlight => _quick.InFlight + _new.InFlight + _slow.InFlight;

    /// <summary>Whether another pick is likely to find something.</summary>
    public bool CanPick => CanPickFrom(_quick) || CanPickFrom(_new) || CanPickFrom(_slow);

    /// <summary>The origin of an endpoint; installs that share a host share it.</summary>
    public Origin OriginOf(Uri endpoint)
    {
        var name = endpoint.GetLeftPart(UriPartial.Authority);
        if (!_origins.TryGetValue(name, out var origin))
        {
            _origins.Add(name, origin = new Origin(name, _options.OriginConcurrency, _new));
        }

        return origin;
    }

    /// <summary>Puts a ready lane in its origin's row.</summary>
    public void Enqueue(QueuedLane lane)
    {
        lane.Origin!.Enqueue(lane);
        List(lane.Origin);
    }

    /// <summary>The lane whose head is to be sent now, counted as in flight; null when none may.</summary>
    public QueuedLane? Pick()
    {
        for (var passed = 0; passed < _rows.Length; passed++)
        {
            var row = _rows[_turn];
            _turn = (_turn + 1) % _rows.Length;
            if (CanPickFrom(row) && row.Pick() is { } lane)
            {
                return lane;
            }
        }

        return null;
    }

    /// <summary>An attempt to <paramref name="origin"/> has ended; its outcome has been observed where there is one.</summary>
    public void Release(Origin origin)
    {
        origin.Row.Release(origin);
        List(origin);
    }

    private void List(Origin origin)
    {
        var row = RowOf(origin.Limit.Reputation);
        if (row != origin.Row)
        {
            row.TakeOver(origin, origin.Row);
        }

        row.List(origin);
    }

    private OriginRow RowOf(Reputation reputation) => reputation switch
    {
        Reputation.New => _new,
        Reputation.Quick => _quick,
        Reputation.Slow => _slow,
    };

    private bool CanPickFrom(OriginRow row) =>
        !row.IsEmpty
        && InFlight < _options.Concurrency
        && (row == _quick || _new.InFlight + _slow.InFlight < _mostSlowAndNew)
        && (row != _slow || _slow.InFlight < _mostSlow);
}
