namespace Sealpost.Mailrooms;

/// <summary>
/// The single writer: one thread that orders and commits for all accounts. Whatever has come in meanwhile goes into the next
/// commit (group commit); outcomes ride along, or wait up to <see cref="RecordDelay"/> for company.
/// </summary>
/// <remarks>
/// Started by <see cref="Start"/>, stopped by <see cref="Stop"/>: it then commits what it was given and what was recorded, and
/// ends. A full disk refuses the group and is probed until there is room; any other fault of the store ends the process.
/// </remarks>
internal sealed class Ledger : IDisposable
{
    /// <summary>How long an outcome may wait for its commit: it makes groups of hundreds at full rate (protocol 4: at most 50 ms).</summary>
    public static readonly TimeSpan RecordDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>Outcomes that are committed without waiting longer.</summary>
    private const int RecordsAtOnce = 500;

    /// <summary>Notifications of one commit, unless a single submission has more. Larger groups gain little and cost latency.</summary>
    private const int NotificationsPerCommit = 256;

    private static readonly TimeSpan IdleTurn = TimeSpan.FromSeconds(1);

    private readonly AllMailrooms _mailrooms;
    private readonly GroupCommit _commit;
    private readonly LedgerChores _chores;
    private readonly Action _beat;
    private readonly Action<Exception> _fail;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _work = new(initialState: false);
    private readonly Queue<Submission> _submissions = new();
    private volatile bool _hasRecords;
    private bool _isStopping;

    /// <param name="mailrooms">Whose ledger it is.</param>
    /// <param name="commit">What one turn does.</param>
    /// <param name="chores">What is done between turns.</param>
    /// <param name="beat">Called at each turn, at least once a second: the heartbeat.</param>
    /// <param name="fail">Called once, when the store is broken: ends the process.</param>
    public Ledger(AllMailrooms mailrooms, GroupCommit commit, LedgerChores chores, Action beat, Action<Exception> fail)
    {
        _mailrooms = mailrooms;
        _commit = commit;
        _chores = chores;
        _beat = beat;
        _fail = fail;
        _thread = new Thread(Run) { Name = "sealpost-ledger", IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>Accepts no more, commits what is there, and ends.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
        }

        _work.Set();
        _thread.Join();
    }

    /// <summary>Queues a submission; its result comes when its commit is durable.</summary>
    public Task<SubmissionResult> SubmitAsync(Submission submission)
    {
        bool isFirst;
        lock (_gate)
        {
            if (_isStopping)
            {
                return Task.FromResult(SubmissionResult.Refused(Refusal.Stopping));
            }

            isFirst = _submissions.Count == 0;
            _submissions.Enqueue(submission);
        }

        // Behind the first one, the ledger has been woken already.
        if (isFirst)
        {
            _work.Set();
        }

        return submission.Result;
    }

    /// <summary>An outcome was recorded in memory: it is to be committed soon.</summary>
    public void RecordsWait()
    {
        if (!_hasRecords)
        {
            _hasRecords = true;
            _work.Set();
        }
        else if (_mailrooms.UnwrittenRecords == RecordsAtOnce)
        {
            _work.Set();
        }
    }

    /// <summary>Something for the chores: an install was reopened, or deliveries are to be removed.</summary>
    public void ChoresWait() => _work.Set();

    public void Dispose() => _work.Dispose();

    private void Run()
    {
        try
        {
            while (Turn())
            {
                _beat();
            }
        }
        catch (Exception e)
        {
            _fail(e);
        }
    }

    // Waits for work, commits one group, does one chore. False: stopped, with nothing left to do.
    private bool Turn()
    {
        WaitForWork();
        var group = TakeGroup(out var isStopping);
        _hasRecords = false;
        _commit.Commit(group);
        if (_chores.TakeTurn())
        {
            _work.Set();
        }

        return !isStopping || group.Count > 0;
    }

    // The first outcome waits for others to join it, or for an acceptance to take it along.
    private void WaitForWork()
    {
        if (!HasWork() && !_hasRecords)
        {
            _work.WaitOne(IdleTurn);
        }

        if (!HasWork() && _hasRecords && _mailrooms.UnwrittenRecords < RecordsAtOnce)
        {
            _work.WaitOne(RecordDelay);
        }
    }

    private bool HasWork()
    {
        lock (_gate)
        {
            return _submissions.Count > 0 || _isStopping;
        }
    }

    private List<Submission> TakeGroup(out bool isStopping)
    {
        var group = new List<Submission>();
        lock (_gate)
        {
            var notifications = 0;
            while (notifications < NotificationsPerCommit && _submissions.TryDequeue(out var submission))
            {
                notifications += submission.Size;
                group.Add(submission);
            }

            isStopping = _isStopping;
        }

        return group;
    }
}
