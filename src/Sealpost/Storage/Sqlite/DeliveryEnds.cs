using System.Runtime.InteropServices;

namespace Sealpost.Storage.Sqlite;

/// <summary>
/// The last delivery of each lane and of each install: what a new delivery's sequence counts on from, and where lists begin. Kept
/// in memory and written behind: when <see cref="DeliveriesPerGeneration"/> deliveries have come in, the ends that they changed
/// are written in the order of their table, some with each of the next commits.
/// </summary>
/// <remarks>
/// <para>
/// One row of a lane touches one page, whatever is written of it. Written at once, a hundred deliveries of a hundred lanes would
/// write a hundred pages; in order and by tens of thousands, they share pages.
/// </para>
/// <para>
/// After a crash the ends that were not written are found in the deliveries above a mark, which moves when a generation is
/// through. <see cref="LastOf(LaneKey)"/> and <see cref="LastOf(int)"/> are thread-safe; the rest is the ledger thread's own.
/// </para>
/// </remarks>
internal sealed class DeliveryEnds : IDisposable
{
    /// <summary>About 3 MB of memory, and a tenth of a second at a start after a crash.</summary>
    public const int DeliveriesPerGeneration = 65_536;

    /// <summary>So that small commits do not each write a page of ends as well: a slice is some hundred of them.</summary>
    private const int SlicesPerGeneration = 128;

    /// <summary>Deliveries between two marks of all installs: few enough to walk along, so many that their rows are none of a commit's cost.</summary>
    private const int DeliveriesPerMark = 8192;

    /// <summary>Where installs are many: so many deliveries for each row of a mark.</summary>
    private const int DeliveriesPerMarkRow = 8;

    private readonly EndRows _rows;
    private readonly int _generation;
    private readonly int _slice;
    private readonly Lock _gate = new();

    // What the transaction under way adds, and what was looked up for it.
    private readonly Dictionary<LaneKey, LaneEnd> _staged = [];
    private readonly Dictionary<int, long> _stagedInstalls = [];
    private readonly Dictionary<int, long> _installs = [];

    // The young generation takes what is committed. The old one is being written, or has been: then it is a cache.
    private Dictionary<LaneKey, LaneEnd> _young = [];
    private Dictionary<LaneKey, LaneEnd> _old = [];
    private LaneKey[] _toWrite = [];
    private int _written;
    private int _writing;
    private int _inYoung;
    private int _inStage;
    private int _due;
    private int _sinceMark;
    private bool _isMarking;
    private long _last;
    private long _lastStaged;
    private long _oldThrough;

    /// <param name="rows">What is written.</param>
    /// <param name="generation">Deliveries of a generation.</param>
    public DeliveryEnds(EndRows rows, int generation)
    {
        (_rows, _generation, _slice) = (rows, generation, generation / SlicesPerGeneration);
        rows.Read((install, delivery) => _installs[install] = delivery, (lane, end) =>
        {
            // An erased row belongs to no lane any more.
            if (end.Sequence > 0)
            {
                _young[lane] = end;
            }

            _installs[lane.Install] = Math.Max(_installs.GetValueOrDefault(lane.Install), end.Delivery);
            _last = end.Delivery;
            _inYoung++;
        });
    }

    /// <summary>The last sequence of a lane; 0 when it is new.</summary>
    public long LastSequence(LaneKey lane) => EndOf(lane).Sequence;

    /// <summary>A delivery joins its lane in the transaction under way. Gives what was the last of its lane and of its install; null of the first.</summary>
    public (long? InLane, long? OfInstall) Append(LaneKey lane, LaneEnd end)
    {
        var inLane = EndOf(lane).Delivery;
        ref var ofInstall = ref CollectionsMarshal.GetValueRefOrAddDefault(_stagedInstalls, lane.Install, out var isStaged);
        var before = isStaged ? ofInstall : _installs.GetValueOrDefault(lane.Install);
        ofInstall = end.Delivery;
        _staged[lane] = end;
        _lastStaged = end.Delivery;
        _inStage++;
        return (inLane == 0 ? null : inLane, before == 0 ? null : before);
    }

    /// <summary>Writes some of the old generation, in the transaction under way: twice as many as deliveries have come in.</summary>
    public void WriteBehind()
    {
        Mark();
        var left = _toWrite.Length - _written;
        var due = _due + (2 * _inStage);
        if (left == 0 || due < Math.Min(_slice, left))
        {
            return;
        }

        _writing = Math.Min(due, left);
        foreach (var lane in _toWrite.AsSpan(_written, _writing))
        {
            if (_old.TryGetValue(lane, out var end))
            {
                _rows.Write(lane, end);
            }
        }

        if (_writing == left)
        {
            foreach (var (install, delivery) in _installs)
            {
                _rows.Write(install, delivery);
            }

            _rows.WriteThrough(_oldThrough);
        }
    }

    /// <summary>The transaction is durable.</summary>
    public void Committed()
    {
        lock (_gate)
        {
            foreach (var (lane, end) in _staged)
            {
                _young[lane] = end;
            }

            foreach (var (install, delivery) in _stagedInstalls)
            {
                _installs[install] = delivery;
                _last = Math.Max(_last, delivery);
            }
        }

        _sinceMark = _isMarking ? 0 : _sinceMark + _inStage;
        _written += _writing;
        _due = _writing > 0 ? 0 : _due + (2 * _inStage);
        _inYoung += _inStage;
        Discard();
        if (_inYoung >= _generation && _written == _toWrite.Length)
        {
            Age();
        }
    }

    /// <summary>Nothing of the transaction was kept.</summary>
    public void Discard()
    {
        _staged.Clear();
        _stagedInstalls.Clear();
        _inStage = 0;
        _writing = 0;
        _isMarking = false;
    }

    /// <summary>The last delivery of a lane; null: it is written, or there is none.</summary>
    public long? LastOf(LaneKey lane)
    {
        lock (_gate)
        {
            return _young.TryGetValue(lane, out var end) || _old.TryGetValue(lane, out end) ? end.Delivery : null;
        }
    }

    /// <summary>The last delivery of an install; null when it never had one.</summary>
    public long? LastOf(int install)
    {
        lock (_gate)
        {
            return _installs.TryGetValue(install, out var delivery) ? delivery : null;
        }
    }

    /// <summary>Forgets installs whose last delivery is below the floor: retention has removed it. Inside a write transaction.</summary>
    public void ForgetInstalls(long floor)
    {
        lock (_gate)
        {
            foreach (var (install, _) in _installs.Where(end => end.Value < floor).ToList())
            {
                _installs.Remove(install);
            }
        }
    }

    /// <summary>Forgets that this was the last delivery of its lane: it is erased. Inside a write transaction.</summary>
    public void Forget(LaneKey lane, long delivery)
    {
        lock (_gate)
        {
            Forget(_young);
            Forget(_old);
        }

        void Forget(Dictionary<LaneKey, LaneEnd> generation)
        {
            if (generation.TryGetValue(lane, out var end) && end.Delivery == delivery)
            {
                generation.Remove(lane);
            }
        }
    }

    public void Dispose() => _rows.Dispose();

    private void Mark()
    {
        if (_inStage == 0 || _sinceMark + _inStage < Math.Max(DeliveriesPerMark, DeliveriesPerMarkRow * _installs.Count))
        {
            return;
        }

        foreach (var (install, delivery) in _installs.Where(end => !_stagedInstalls.ContainsKey(end.Key)).Concat(_stagedInstalls))
        {
            _rows.WriteMark(_lastStaged, install, delivery);
        }

        _isMarking = true;
    }

    private LaneEnd EndOf(LaneKey lane)
    {
        if (!_staged.TryGetValue(lane, out var end))
        {
            end = _young.TryGetValue(lane, out end) || _old.TryGetValue(lane, out end) ? end : _rows.Find(lane) ?? default;
            _staged.Add(lane, end);
        }

        return end;
    }

    private void Age()
    {
        lock (_gate)
        {
            _toWrite = [.. _young.Keys];
            _old.Clear();
            (_young, _old) = (_old, _young);
        }

        Array.Sort(_toWrite, LaneKey.Compare);
        (_written, _due, _inYoung, _oldThrough) = (0, 0, 0, _last);
    }
}
