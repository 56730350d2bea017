using Sealpost.Outboxes;

namespace Sealpost.Mailrooms;

/// <summary>
/// Reads back from the store what the outboxes ask for, one request at a time, on a thread of its own so that neither commits
/// nor attempts wait for it.
/// </summary>
/// <remarks>Started by <see cref="Start"/>, stopped by <see cref="Stop"/>: a read under way is finished and its rows forgotten.</remarks>
internal sealed class BacklogReader : IDisposable
{
    private static readonly TimeSpan IdleTurn = TimeSpan.FromSeconds(1);

    private readonly AllMailrooms _mailrooms;
    private readonly IBacklogStore _store;
    private readonly TimeProvider _clock;
    private readonly Action _wake;
    private readonly Action _beat;
    private readonly Action<Exception> _fail;
    private readonly AutoResetEvent _work = new(initialState: false);
    private readonly Thread _thread;
    private volatile bool _isStopping;

    /// <param name="mailrooms">Who asks.</param>
    /// <param name="store">What is read.</param>
    /// <param name="clock">The time that rows are judged by.</param>
    /// <param name="wake">Called after each read: attempts may be ready.</param>
    /// <param name="beat">Called at each turn, at least once a second: the heartbeat.</param>
    /// <param name="fail">Called once, when the store is broken: ends the process.</param>
    public BacklogReader(AllMailrooms mailrooms, IBacklogStore store, TimeProvider clock, Action wake, Action beat, Action<Exception> fail)
    {
        (_mailrooms, _store, _clock, _wake, _beat, _fail) = (mailrooms, store, clock, wake, beat, fail);
        _thread = new Thread(Run) { Name = "sealpost-backlog", IsBackground = true };
    }

    public void Start() => _thread.Start();

    public void Stop()
    {
        _isStopping = true;
        _work.Set();
        _thread.Join();
    }

    /// <summary>There may be something to read.</summary>
    public void Wake() => _work.Set();

    public void Dispose() => _work.Dispose();

    private void Run()
    {
        try
        {
            while (!_isStopping)
            {
                _work.WaitOne(IdleTurn);
                _beat();
                while (!_isStopping && _mailrooms.NextRead() is { } request)
                {
                    Answer(request);
                    _wake();
                    _beat();
                }
            }
        }
        catch (Exception e)
        {
            _fail(e);
        }
    }

    private void Answer(ReadRequest request)
    {
        switch (request)
        {
            case PageRead page:
                var rows = _store.ReadPage(page.Outbox.Install.Number, page.AfterId, page.Rows);
                var bodies = _store.Read(_mailrooms.Choose(page, rows, _clock.GetUtcNow())).ToDictionary(delivery => delivery.Id);
                _mailrooms.Apply(page, rows, bodies, _clock.GetUtcNow());
                break;
            case LaneRead lane:
                _mailrooms.Apply(lane, _store.Read(lane.Deliveries), _clock.GetUtcNow());
                break;
            case ProbeRead probes:
                _mailrooms.Apply(probes, FindHeads(probes), _clock.GetUtcNow());
                break;
            case DueRead due:
                _mailrooms.Apply(due, _store.Read([.. due.Due.Select(retry => retry.Delivery)]), _clock.GetUtcNow());
                break;
            default:
                throw new InvalidOperationException($"no such read: {request.GetType().Name}");
        }
    }

    private Dictionary<string, StoredDelivery> FindHeads(ProbeRead read)
    {
        var heads = new Dictionary<string, StoredDelivery>(StringComparer.Ordinal);
        foreach (var (endpoint, eventTypes) in read.Wishes)
        {
            if (_store.OldestHead(read.Outbox.Install.Number, eventTypes, read.Except) is { } head)
            {
                heads.Add(endpoint, head);
            }
        }

        return heads;
    }
}
