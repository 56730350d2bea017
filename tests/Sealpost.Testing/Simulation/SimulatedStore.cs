using Sealpost.Deliveries;
using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Retry;
using Sealpost.Storage;

namespace Sealpost.Testing.Simulation;

/// <summary>
/// A store in memory that keeps what the real one keeps: it outlives the crashes of a run, writes a batch whole or not at all,
/// and can be full. The contract suite of the stores holds it to the same promises as SQLite.
/// </summary>
internal class SimulatedStore : ILedgerStore, IBacklogStore
{
    private readonly Dictionary<long, StoredRow> _rows = [];
    private readonly Dictionary<int, List<StoredRow>> _byInstall = [];
    private readonly Dictionary<int, int> _firstPending = [];
    private readonly Dictionary<(int Install, long Conversation), List<StoredRow>> _byLane = [];
    private readonly Dictionary<(int Account, string Key), StoredAnswer> _answers = [];
    private readonly List<string> _eventTypes = [];
    private readonly List<Removal> _removals = [];
    private readonly Dictionary<int, Retry.Standing> _standings = [];
    private long _lastId;

    /// <summary>There is no room: writes are refused whole.</summary>
    public bool IsFull { get; set; }

    /// <summary>The next commit kills the process.</summary>
    public CrashPoint CrashAt { get; set; }

    public IReadOnlyDictionary<long, StoredRow> Rows => _rows;

    /// <summary>Told of each row that was written.</summary>
    public Action<StoredRow> Inserted { get; set; } = static _ => { };

    /// <summary>Told of each row whose state was written, with when it came about.</summary>
    public Action<StoredRow, DateTimeOffset> Written { get; set; } = static (_, _) => { };

    /// <summary>Told when a batch is durable.</summary>
    public Action Kept { get; set; } = static () => { };

    public long ConversationSeed => 42;

    public long LastId() => _lastId;

    public int EventTypeNumber(string name)
    {
        if (!_eventTypes.Contains(name, StringComparer.Ordinal))
        {
            NeedRoom();
            _eventTypes.Add(name);
        }

        return _eventTypes.IndexOf(name);
    }

    public virtual long LastSequence(int install, long conversationKey) =>
        _byLane.TryGetValue((install, conversationKey), out var lane) ? lane[^1].Row.Sequence : 0;

    public StoredAnswer? FindAnswer(int account, string key, DateTimeOffset now) =>
        _answers.TryGetValue((account, key), out var answer) && answer.ExpiresAt > now ? answer : null;

    public ReplayableDelivery? FindReplayable(int install, long delivery) =>
        _rows.TryGetValue(delivery, out var row) && row.Row.Install == install && CanBeReplayed(row)
            ? new ReplayableDelivery
            {
                Account = row.Notification.Account,
                EventType = row.EventType,
                PublishedAs = row.Notification.EventType,
                Conversation = row.Conversation,
                Line = row.Notification.Line ?? row.Notification.Id,
                Body = row.Body,
            }
            : null;

    public virtual void Commit(LedgerBatch batch)
    {
        NeedRoom();
        CrashIf(CrashPoint.BeforeCommit);
        if (batch.Deliveries.Exists(row => _rows.ContainsKey(row.Id)))
        {
            throw new StoreException(StoreFault.Broken, "a delivery of this id is stored already");
        }

        var notifications = batch.Notifications.ToDictionary(row => row.Id);
        foreach (var row in batch.Notifications)
        {
            _lastId = Math.Max(_lastId, row.Id);
        }

        foreach (var row in batch.Deliveries)
        {
            Insert(new StoredRow(row, notifications[row.Notification], _eventTypes[row.EventType]));
        }

        foreach (var record in batch.Records.Outcomes)
        {
            Write(record);
        }

        foreach (var (install, standing) in batch.Records.Standings)
        {
            _standings[install] = standing;
        }

        foreach (var answer in batch.Answers)
        {
            _answers[(answer.Account, answer.Key.Key)] = answer;
        }

        Kept();
        CrashIf(CrashPoint.AfterCommit);
    }

    public void Probe() => NeedRoom();

    public List<Removal> Removals(int? install = null) => [.. _removals.Where(removal => install is null || removal.Install == install)];

    /// <summary>What the store of installs does in the transaction that removes an event type, or with null the install.</summary>
    public void AddRemoval(int install, string? eventType) =>
        _removals.Add(new Removal(install, eventType, FromId: 0, eventType is null ? long.MaxValue : _lastId, DeadReason.AppRemoved));

    public bool AddRemoval(Removal removal)
    {
        if (removal.ConversationKey is null && !_rows[removal.FromId].IsPending)
        {
            return false;
        }

        NeedRoom();
        _removals.Add(removal);
        return true;
    }

    public List<RemovedDelivery> Remove(Removal removal, DateTimeOffset now, int limit)
    {
        NeedRoom();
        var covered = PendingOf(removal.Install).Where(row => removal.Covers(row.EventType, row.Row.Id, row.Row.ConversationKey));
        var marked = covered.OrderBy(row => row.State).ThenBy(row => row.Row.Id).Take(limit).ToList();
        var removed = new List<RemovedDelivery>();
        foreach (var row in marked)
        {
            removed.Add(Kill(row, removal.Reason, now));
        }

        if (removed.Count < limit)
        {
            _removals.RemoveAll(other => other == removal);
        }

        return removed;
    }

    public List<BacklogRow> ReturnWaiting(int install, bool keepDue, int limit)
    {
        NeedRoom();
        var returned = new List<BacklogRow>();
        foreach (var row in PendingOf(install).Where(row => row.State == DeliveryState.Waiting).Take(limit))
        {
            (row.State, row.DueAt) = (DeliveryState.InLane, keepDue ? row.DueAt : null);
            returned.Add(row.ToBacklogRow());
        }

        return returned;
    }

    public virtual SweptBatch Expire(
        int install, DateTimeOffset acceptedThrough, DeadReason reason, IReadOnlySet<long> except, DateTimeOffset now, int limit)
    {
        NeedRoom();
        var dead = new List<RemovedDelivery>();
        DateTimeOffset? oldestLeft = null;
        foreach (var state in new[] { DeliveryState.InLane, DeliveryState.Waiting })
        {
            var rows = PendingOf(install).Where(row => row.State == state && !except.Contains(row.Row.Id));
            var expired = rows.TakeWhile(row => row.Row.AcceptedAt <= acceptedThrough).Take(limit - dead.Count).ToList();
            var left = rows.Skip(expired.Count).FirstOrDefault();
            oldestLeft = left is null || oldestLeft < left.Row.AcceptedAt ? oldestLeft : left.Row.AcceptedAt;
            dead.AddRange(expired.Select(row => Kill(row, reason, now)));
        }

        return new SweptBatch(dead, oldestLeft, dead.Count == limit);
    }

    public int ForgetAnswers(DateTimeOffset now, int limit)
    {
        NeedRoom();
        var expired = _answers.Values.Where(answer => answer.ExpiresAt <= now).Take(limit).ToList();
        expired.ForEach(answer => _answers.Remove((answer.Account, answer.Key.Key)));
        return expired.Count;
    }

    public void ReadPending(Action<int, BacklogRow> take)
    {
        foreach (var row in _rows.Values.Where(row => row.State == DeliveryState.InLane).OrderBy(row => row.Row.Install).ThenBy(row => row.Row.Id))
        {
            take(row.Row.Install, row.ToBacklogRow());
        }
    }

    public void ReadWaiting(Action<DueRetry, DateTimeOffset, int> take)
    {
        foreach (var row in _rows.Values.Where(row => row.State == DeliveryState.Waiting))
        {
            take(new DueRetry(row.Row.Id, row.Row.Install, row.Attempts), row.DueAt!.Value, row.Row.Bytes);
        }
    }

    public List<(int Install, Retry.Standing Standing)> ReadStandings() =>
        [.. _standings.Where(standing => standing.Value.State != InstallState.Up).Select(standing => (standing.Key, standing.Value))];

    public virtual StoredDelivery? OldestHead(int install, IReadOnlyList<string> eventTypes, IReadOnlySet<long> except)
    {
        var seen = new HashSet<long>();
        return PendingOf(install)
            .Where(row => row.State == DeliveryState.InLane && seen.Add(row.Row.ConversationKey))
            .FirstOrDefault(row => eventTypes.Contains(row.EventType) && !except.Contains(row.Row.Id))
            ?.ToStoredDelivery();
    }

    public virtual List<BacklogRow> ReadPage(int install, long afterId, int limit)
    {
        var page = new List<BacklogRow>();
        var rows = RowsOf(install);
        for (var i = FirstAfter(rows, afterId); i < rows.Count && page.Count < limit; i++)
        {
            if (rows[i].State == DeliveryState.InLane)
            {
                page.Add(rows[i].ToBacklogRow());
            }
        }

        return page;
    }

    public List<StoredDelivery> Read(IReadOnlyCollection<long> ids) =>
        [.. ids.Select(id => _rows.GetValueOrDefault(id)).Where(row => row is { IsPending: true }).Select(row => row!.ToStoredDelivery())];

    protected virtual bool CanBeReplayed(StoredRow row) => !row.IsPending;

    private void NeedRoom()
    {
        if (IsFull)
        {
            throw new StoreException(StoreFault.Full, "the simulated store is full");
        }
    }

    private void CrashIf(CrashPoint point)
    {
        if (CrashAt == point)
        {
            throw new SimulatedCrash();
        }
    }

    private void Insert(StoredRow row)
    {
        _lastId = Math.Max(_lastId, row.Row.Id);
        _rows.Add(row.Row.Id, row);
        RowsOf(row.Row.Install).Add(row);
        if (!_byLane.TryGetValue((row.Row.Install, row.Row.ConversationKey), out var lane))
        {
            _byLane.Add((row.Row.Install, row.Row.ConversationKey), lane = []);
        }

        lane.Add(row);
        Inserted(row);
    }

    // As the real store does it: what is done stays done, except that a success still counts.
    private void Write(OutcomeRecord record)
    {
        var row = _rows[record.Delivery];
        if (!row.IsPending && (record.Outcome is null || record.State != DeliveryState.Delivered))
        {
            return;
        }

        (row.State, row.Attempts, row.DueAt, row.Reason) = (record.State, record.Attempts, record.DueAt, record.Reason?.ToWire());
        Written(row, record.At);
    }

    private RemovedDelivery Kill(StoredRow row, DeadReason reason, DateTimeOffset now)
    {
        var wasInLane = row.State == DeliveryState.InLane;
        (row.State, row.DueAt, row.Reason) = (DeliveryState.Dead, null, reason.ToWire());
        Written(row, now);
        return new RemovedDelivery(row.Row.Id, row.Row.Install, row.Row.ConversationKey, row.Row.Sequence, row.Row.Bytes, wasInLane);
    }

    private IEnumerable<StoredRow> PendingOf(int install)
    {
        var (rows, first) = (RowsOf(install), _firstPending.GetValueOrDefault(install));
        for (; first < rows.Count && !rows[first].IsPending; first++)
        {
        }

        // What is over stays so.
        _firstPending[install] = first;
        for (var i = first; i < rows.Count; i++)
        {
            if (rows[i].IsPending)
            {
                yield return rows[i];
            }
        }
    }

    private List<StoredRow> RowsOf(int install)
    {
        if (!_byInstall.TryGetValue(install, out var rows))
        {
            _byInstall.Add(install, rows = []);
        }

        return rows;
    }

    private static int FirstAfter(List<StoredRow> rows, long id)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = rows[middle].Row.Id <= id ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
