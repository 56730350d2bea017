using Sealpost.Accounts;
using Sealpost.Dispatch;
using Sealpost.Installs;
using Sealpost.Outboxes;
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
internal sealed partial class AllMailrooms(DispatchOptions dispatch, OutboxOptions options, FindRoute findRoute, Window? window = null)
{
    /// <summary>Due retries that are taken off their shelf at a time.</summary>
    private const int DuePerTake = 200;

    private readonly Lock _lock = new();
    private readonly Desk _desk = new(window ?? new Window(), new Dispatcher(dispatch), options, findRoute);
    private readonly Dictionary<AccountId, Mailroom> _mailrooms = [];
    private readonly Dictionary<int, Outbox> _outboxes = [];
    private readonly List<Reopening> _reopenings = [];
    private bool _isSuspended;

    public int InFlight => _desk.Dispatcher.InFlight;

    public int UnwrittenRecords => _desk.UnwrittenRecords;

    /// <summary>Whether something is to be read back. Asked without the lock: whoever adds a read asks after it.</summary>
    public bool HasReads => _desk.Reads.Count > 0;

    /// <summary>Whether there is news of installs. Asked without the lock: whoever makes news asks after it.</summary>
    public bool HasNotes => _desk.Notes.Count > 0;

    /// <summary>Whether something has expired that a chore is to mark. Asked without the lock, as the others.</summary>
    public bool HasSweeps => _desk.Sweeps.Count > 0;

    /// <summary>Bytes of deliveries in memory.</summary>
    public long WindowBytes
    {
        get
        {
            lock (_lock)
            {
                return _desk.Window.Used;
            }
        }
    }

    /// <summary>When a waiting retry, a round or an expiry is due next; null when nothing is.</summary>
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
            return new OutboxFacts(outbox.Pending, outbox.Standing, outbox.NextRound, outbox.SlowEndpoints())
            {
                Routes = install.Manifest.Webhooks.Keys.ToDictionary(eventType => eventType, outbox.RouteOf, StringComparer.Ordinal),
            };
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
            return _isSuspended ? place with { IsSuspended = true } : place;
        }
    }

    /// <summary>Takes deliveries whose commit is durable, in their order of acceptance.</summary>
    public void Accept(IReadOnlyList<AcceptedDelivery> accepted, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var (install, delivery) in accepted)
            {
                var outbox = OutboxOf(install);
                if (install.Revision > outbox.Install.Revision)
                {
                    // The directory had the change before us: it may have brought the very webhook that this one is for.
                    Change(outbox, install, now);
                }

                outbox.Accept(delivery, now);
            }
        }
    }

    /// <summary>The attempt to make now; null when nothing is ready or nothing may be sent.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="hasPassed">Ready lanes had expired or lost their way: something may be to read, to record, or due.</param>
    public PickedAttempt? Pick(DateTimeOffset now, out bool hasPassed)
    {
        hasPassed = false;
        lock (_lock)
        {
            while (!_isSuspended && _desk.Dispatcher.Pick() is Lane lane)
            {
                var origin = lane.Origin!;
                if (lane.Outbox.Begin(lane, now) is { } attempt)
                {
                    return new PickedAttempt(lane, attempt, _desk.Dispatcher.CanPick);
                }

                _desk.Dispatcher.Release(origin);
                hasPassed = true;
            }

            return null;
        }
    }

    /// <summary>Takes an attempt's outcome: the delivery's lane goes on at once, the record is written soon.</summary>
    public Completion Complete(PickedAttempt picked, Outcome outcome, DateTimeOffset now)
    {
        lock (_lock)
        {
            var (lane, origin, delivery) = (picked.Lane, picked.Lane.Origin!, picked.Lane.Head!);
            origin.Limit.Observe(outcome);
            var decision = lane.Outbox.End(lane, picked.Attempt, outcome, now);
            _desk.Dispatcher.Release(origin);
            return new Completion(picked.Attempt, outcome, decision, delivery.Conversation, delivery.AcceptedAt, now) { NextDue = _desk.NextDue };
        }
    }

    /// <summary>Time has passed: rounds, expiries and due retries go on.</summary>
    public void Tick(DateTimeOffset now)
    {
        lock (_lock)
        {
            while (_desk.TakeRinging(now) is { } outbox)
            {
                outbox.Ring(now);
            }

            while (_desk.Waiting.TakeDue(now, DuePerTake) is { Count: > 0 } due)
            {
                foreach (var waiting in due)
                {
                    // A paused install's are put back into their lanes when it resumes; those of an older round have been.
                    if (Find(waiting.Install) is { IsPaused: false } outbox && outbox.Era == waiting.Era)
                    {
                        outbox.Retries.Add(waiting);
                        outbox.ReadOn();
                    }
                }
            }
        }
    }

    /// <summary>Hands the outcomes to record over; the next ones go to <paramref name="empty"/>.</summary>
    public RecordBatch SwapRecords(RecordBatch empty, out long lastRecord)
    {
        lock (_lock)
        {
            lastRecord = _desk.LastRecord;
            return _desk.SwapRecords(empty);
        }
    }

    /// <summary>Records up to this one are in the store.</summary>
    public void Settle(long record)
    {
        lock (_lock)
        {
            _desk.Settle(record);
        }
    }

    /// <summary>News of installs since the last call, in their order.</summary>
    public List<Note> TakeNotes()
    {
        lock (_lock)
        {
            var notes = _desk.Notes.ToList();
            _desk.Notes.Clear();
            return notes;
        }
    }

    /// <summary>Starts no attempt from now on, because its outcome could not be recorded, or the process stops.</summary>
    public void Suspend() => SetSuspended(true);

    /// <summary>Attempts may start again.</summary>
    public void Resume() => SetSuspended(false);

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
