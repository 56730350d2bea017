using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Dispatch;
using Sealpost.Installs;
using Sealpost.Outboxes;
using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Mailrooms;

/// <summary>
/// The mailrooms of this process behind one lock: all that is known in memory of what is owed to whom. It decides and never
/// waits; the loops around it (<see cref="Ledger"/>, <see cref="Courier"/>, <see cref="BacklogReader"/>,
/// <see cref="DueTimes"/>) bring it commits, outcomes, rows and the time, and take away what it wants done.
/// </summary>
/// <remarks>
/// Thread-safe. Each call holds the lock for microseconds and calls nothing outside. One lock is enough: at 30,000 deliveries a
/// second it is held for a tenth of the time.
/// </remarks>
internal sealed class AllMailrooms(DispatchOptions dispatch, RetryOptions retry, long windowBytes = Window.DefaultCapacityBytes)
{
    /// <summary>Retries by numbers that one read brings back.</summary>
    private const int DuePerRead = 200;

    private readonly Lock _lock = new();
    private readonly Desk _desk = new(new Window(windowBytes), new Dispatcher(dispatch), retry);
    private readonly Dictionary<AccountId, Mailroom> _mailrooms = [];
    private readonly Dictionary<int, Outbox> _outboxes = [];
    private readonly List<Reopening> _reopenings = [];
    private bool _isSuspended;

    public int InFlight => _desk.Dispatcher.InFlight;

    public int UnwrittenRecords => _desk.UnwrittenRecords;

    /// <summary>Whether something is to be read back. Asked without the lock: whoever adds a read asks after it.</summary>
    public bool HasReads => _desk.Reads.Count > 0;

    /// <summary>When something held or waiting is due next; null when nothing is.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _desk.NextDue;
            }
        }
    }

    /// <summary>What the account is owed in all.</summary>
    public PendingTotals TotalsOf(AccountId account)
    {
        lock (_lock)
        {
            return MailroomOf(account).Totals;
        }
    }

    /// <summary>How an install's outbox stands.</summary>
    public OutboxFacts FactsOf(Install install)
    {
        lock (_lock)
        {
            var outbox = OutboxOf(install);
            var held = outbox.Held().OrderBy(lane => lane.HeldUntil).Take(OutboxFacts.MaxBlockedBy).ToList();
            return new OutboxFacts(outbox.Pending, held.FirstOrDefault()?.HeldUntil, [.. held.Select(lane => new DeliveryId(lane.Head!.Id))]);
        }
    }

    /// <summary>What all accounts are owed.</summary>
    public long Pending()
    {
        lock (_lock)
        {
            return _mailrooms.Values.Sum(mailroom => mailroom.Totals.Deliveries);
        }
    }

    /// <summary>Where a delivery stands that its row says is pending.</summary>
    public Place PlaceOf(int install, long delivery, long conversation, long sequence)
    {
        lock (_lock)
        {
            var place = Find(install)?.PlaceOf(delivery, conversation, sequence) ?? new Place(PlaceKind.Elsewhere);
            return place with { IsSuspended = _isSuspended };
        }
    }

    /// <summary>Takes deliveries whose commit is durable, in their order of acceptance.</summary>
    public void Accept(IReadOnlyList<AcceptedDelivery> accepted, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var (install, delivery) in accepted)
            {
                OutboxOf(install).Accept(delivery, now);
            }
        }
    }

    /// <summary>The attempt to make now; null when nothing is ready or nothing may be sent.</summary>
    public PickedAttempt? Pick()
    {
        lock (_lock)
        {
            if (_isSuspended || _desk.Dispatcher.Pick() is not Lane lane)
            {
                return null;
            }

            return new PickedAttempt(lane, lane.Outbox.Begin(lane), _desk.Dispatcher.CanPick);
        }
    }

    /// <summary>Takes an attempt's outcome: the delivery's lane goes on at once, the record is written soon.</summary>
    public Completion Complete(PickedAttempt picked, Outcome outcome, DateTimeOffset now)
    {
        lock (_lock)
        {
            var (lane, origin, delivery) = (picked.Lane, picked.Lane.Origin!, picked.Lane.Head!);
            origin.Limit.Observe(outcome);
            var decision = lane.Outbox.End(lane, outcome, now);
            _desk.Dispatcher.Release(origin);
            return new Completion(picked.Attempt, outcome, decision, delivery.Conversation, delivery.AcceptedAt, now);
        }
    }

    /// <summary>Time has passed: held lanes and due retries go on.</summary>
    public void Tick(DateTimeOffset now)
    {
        lock (_lock)
        {
            while (_desk.TakeHeld(now) is { } lane)
            {
                lane.Outbox.Continue(lane, now);
            }

            while (_desk.Waiting.TakeDue(now, DuePerRead) is { Count: > 0 } due)
            {
                // A paused install's are put back into their lanes when it resumes.
                due.RemoveAll(retry => Find(retry.Install)?.IsPaused ?? true);
                if (due.Count > 0)
                {
                    _desk.Reads.Enqueue(new DueRead(due));
                }
            }
        }
    }

    /// <summary>Something to read back; null when nothing is wanted.</summary>
    public ReadRequest? NextRead()
    {
        lock (_lock)
        {
            return _desk.Reads.TryDequeue(out var request) ? request : null;
        }
    }

    /// <summary>The rows of a page whose bodies are worth reading.</summary>
    public List<long> Choose(PageRead page, IReadOnlyList<BacklogRow> rows)
    {
        lock (_lock)
        {
            return page.Outbox.Choose(page, rows);
        }
    }

    /// <summary>Takes a page that was read.</summary>
    public void Apply(
        PageRead page, IReadOnlyList<BacklogRow> rows, IReadOnlyDictionary<long, StoredDelivery> bodies, DateTimeOffset now)
    {
        lock (_lock)
        {
            page.Outbox.Apply(page, rows, bodies, now);
        }
    }

    /// <summary>Takes a lane's own deliveries that were read.</summary>
    public void Apply(LaneRead read, IReadOnlyList<StoredDelivery> deliveries, DateTimeOffset now)
    {
        lock (_lock)
        {
            read.Lane.Outbox.Apply(read, deliveries, now);
        }
    }

    /// <summary>Takes retries by numbers that are due and were read.</summary>
    public void Apply(DueRead read, IReadOnlyList<StoredDelivery> deliveries, DateTimeOffset now)
    {
        lock (_lock)
        {
            var attempts = read.Due.ToDictionary(retry => retry.Delivery, retry => retry.Attempts);
            foreach (var delivery in deliveries)
            {
                if (Find(delivery.Install) is { IsPaused: false } outbox)
                {
                    var pending = delivery.ToPending();
                    pending.Attempts = Math.Max(pending.Attempts, attempts[delivery.Id]);
                    outbox.LoadLoose(pending, now);
                }
            }
        }
    }

    /// <summary>
    /// Takes a change of an install that has been committed. What it means for deliveries that wait is decided in
    /// <see cref="ChangeEffect"/>.
    /// </summary>
    /// <param name="after">The install as it is now.</param>
    /// <param name="removals">Stored deliveries that died at the change.</param>
    /// <param name="now">The moment.</param>
    public void Change(Install after, IReadOnlyList<Removal> removals, DateTimeOffset now)
    {
        lock (_lock)
        {
            var outbox = OutboxOf(after);
            if (after.Revision < outbox.Install.Revision)
            {
                return;
            }

            var change = ChangeEffect.Between(outbox.Install, after);
            if (change.MustPause || removals.Count > 0)
            {
                outbox.Removals.AddRange(removals.Except(outbox.Removals).ToList());
                outbox.UnloadAll();
            }

            if (change.MustPause)
            {
                outbox.Pause();
            }

            outbox.Change(after, now);
            if (change.MustReopen)
            {
                _reopenings.Add(new Reopening(outbox, change.ForgetsAttempts));
            }

            outbox.ReadOn();
        }
    }

    /// <summary>
    /// An install whose waiting retries are to go back into their lanes before it is attempted again: none of its attempts is in
    /// flight and all its outcomes up to <paramref name="committedRecord"/> are in the store. Null when there is none.
    /// </summary>
    public Reopening? NextReopening(long committedRecord)
    {
        lock (_lock)
        {
            var ready = _reopenings.Find(r => r.Outbox.InFlight == 0 && r.Outbox.LastRecord <= committedRecord);
            _ = ready is not null && _reopenings.Remove(ready);
            return ready;
        }
    }

    /// <summary>The store has put these back into their lanes: the install is attempted again, from its oldest delivery on.</summary>
    public void Reopen(Reopening reopening, IReadOnlyList<BacklogRow> returned)
    {
        lock (_lock)
        {
            var outbox = reopening.Outbox;
            foreach (var row in returned)
            {
                outbox.Backlog.Lanes.Insert(row.ConversationKey, row.Sequence);
                outbox.Backlog.Rewind(row.Id);
            }

            if (outbox.Install is { Enabled: true, Deleted: false } && !_reopenings.Exists(r => r.Outbox == outbox))
            {
                outbox.Resume();
            }
        }
    }

    /// <summary>The store has marked these dead.</summary>
    public void Removed(IReadOnlyList<RemovedDelivery> removed)
    {
        lock (_lock)
        {
            foreach (var delivery in removed)
            {
                if (Find(delivery.Install) is not { } outbox)
                {
                    continue;
                }

                var isStored = delivery.WasInLane && outbox.Backlog.Lanes.Holds(delivery.ConversationKey, delivery.Sequence);
                if (isStored)
                {
                    outbox.Backlog.Lanes.Drop(delivery.ConversationKey);
                }

                // One in flight is not stored any more: its own end takes it from the totals.
                if (isStored || !delivery.WasInLane)
                {
                    outbox.Owe(-1, -delivery.Bytes);
                }
            }
        }
    }

    /// <summary>A removal is through: nothing of it is left in the store.</summary>
    public void EndRemoval(Removal removal)
    {
        lock (_lock)
        {
            var outbox = Find(removal.Install);
            outbox?.Removals.Remove(removal);
            outbox?.ReadOn();
        }
    }

    /// <summary>Hands the outcomes to record over; the next ones go to <paramref name="empty"/>.</summary>
    public List<OutcomeRecord> SwapRecords(List<OutcomeRecord> empty, out long lastRecord)
    {
        lock (_lock)
        {
            lastRecord = _desk.LastRecord;
            return _desk.SwapRecords(empty);
        }
    }

    /// <summary>Starts no attempt from now on, because its outcome could not be recorded, or the process stops.</summary>
    public void Suspend() => SetSuspended(true);

    /// <summary>Attempts may start again.</summary>
    public void Resume() => SetSuspended(false);

    /// <summary>What the store held at the start, before anything else happens.</summary>
    public void Load(IEnumerable<Install> installs, IEnumerable<Removal> removals, IBacklogStore store)
    {
        lock (_lock)
        {
            foreach (var install in installs)
            {
                OutboxOf(install);
            }

            foreach (var removal in removals)
            {
                Find(removal.Install)?.Removals.Add(removal);
            }

            // What is left of a deleted install is its removal's alone.
            store.ReadPending((install, row) =>
            {
                var outbox = Find(install);
                outbox?.Backlog.Append(row.Id, row.ConversationKey, row.Sequence);
                outbox?.Owe(1, row.Bytes);
            });
            store.ReadWaiting((retry, dueAt, bytes) =>
            {
                _desk.Waiting.Add(retry, dueAt);
                Find(retry.Install)?.Owe(1, bytes);
            });
            foreach (var outbox in _outboxes.Values)
            {
                outbox.ReadOn();
            }
        }
    }

    private void SetSuspended(bool isSuspended)
    {
        lock (_lock)
        {
            _isSuspended = isSuspended;
        }
    }

    private Outbox? Find(int install) => _outboxes.GetValueOrDefault(install);

    private Outbox OutboxOf(Install install)
    {
        if (!_outboxes.TryGetValue(install.Number, out var outbox))
        {
            _outboxes.Add(install.Number, outbox = MailroomOf(install.Account).OutboxOf(install));
        }

        return outbox;
    }

    private Mailroom MailroomOf(AccountId account)
    {
        if (!_mailrooms.TryGetValue(account, out var mailroom))
        {
            _mailrooms.Add(account, mailroom = new Mailroom(account, _desk));
        }

        return mailroom;
    }
}
