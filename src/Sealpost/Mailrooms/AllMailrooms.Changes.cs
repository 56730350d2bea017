using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.Outboxes;

namespace Sealpost.Mailrooms;

/// <content>What is there at the start, and how changes of installs are carried through.</content>
internal sealed partial class AllMailrooms
{
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
            outbox.Remove(removals);
            Change(outbox, after, now);
        }
    }

    /// <summary>The routes of these accounts' endpoints have changed: what was held for them goes on.</summary>
    public void Release(IReadOnlyCollection<AccountId> accounts, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var outbox in accounts.SelectMany(account => MailroomOf(account).Outboxes))
            {
                outbox.Release(now);
            }
        }
    }

    /// <summary>A stored delivery is to be marked dead: it is not attempted any more.</summary>
    public void Remove(Removal removal)
    {
        lock (_lock)
        {
            Find(removal.Install)?.Remove([removal]);
        }
    }

    /// <summary>Whether the store may mark a removal's deliveries dead: none of them is in flight or has an outcome unrecorded.</summary>
    public bool CanMark(Removal removal)
    {
        lock (_lock)
        {
            return Find(removal.Install)?.Removals.CanMark(_desk.CommittedRecord) ?? true;
        }
    }

    /// <summary>
    /// An install whose waiting retries are to go back into their lanes before it is attempted again: none of its attempts is in
    /// flight and all its outcomes are in the store. Null when there is none. It stays the next one until <see cref="Reopen"/> is
    /// told that all are back.
    /// </summary>
    public Reopening? NextReopening()
    {
        lock (_lock)
        {
            return _reopenings.Find(reopening => reopening.Outbox.InFlight == 0 && reopening.Outbox.LastRecord <= _desk.CommittedRecord);
        }
    }

    /// <summary>The store has put these back into their lanes; with the last of them the install is attempted again, from its oldest delivery on.</summary>
    public void Reopen(Outbox outbox, IReadOnlyList<BacklogRow> returned, bool areAll, DateTimeOffset now)
    {
        lock (_lock)
        {
            outbox.Return(returned);
            if (!areAll)
            {
                return;
            }

            outbox.BeginEra();
            _reopenings.RemoveAll(reopening => reopening.Outbox == outbox);
            if (outbox.Install is { Enabled: true, Deleted: false })
            {
                outbox.Resume(now);
            }
        }
    }

    /// <summary>The batch of expired deliveries to mark dead now; null when none is.</summary>
    public Sweep? BeginSweep(DateTimeOffset now)
    {
        lock (_lock)
        {
            while (_desk.Sweeps.TryDequeue(out var outbox))
            {
                if (outbox.BeginSweep(now) is { } sweep)
                {
                    return sweep;
                }
            }

            return null;
        }
    }

    /// <summary>The store has marked a batch.</summary>
    public void EndSweep(Sweep sweep, SweptBatch batch, DateTimeOffset now)
    {
        lock (_lock)
        {
            sweep.Outbox.EndSweep(sweep, batch, now);
        }
    }

    /// <summary>The store had no room to mark a batch: it is tried again.</summary>
    public void CancelSweep(Sweep sweep)
    {
        lock (_lock)
        {
            sweep.Outbox.CancelSweep();
        }
    }

    /// <summary>The store has marked these dead.</summary>
    public void Removed(IReadOnlyList<RemovedDelivery> removed, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var delivery in removed)
            {
                if (Find(delivery.Install) is not { } outbox)
                {
                    continue;
                }

                if (delivery.WasInLane)
                {
                    outbox.Backlog.Lanes.Drop(delivery.ConversationKey);
                }

                outbox.Settle(delivery.Delivery, delivery.Bytes, now);
            }
        }
    }

    /// <summary>A removal is through: nothing of it is left in the store.</summary>
    public void EndRemoval(Removal removal)
    {
        lock (_lock)
        {
            Find(removal.Install)?.EndRemoval(removal);
        }
    }

    /// <summary>What the store held at the start, before anything else happens.</summary>
    public void Load(IEnumerable<Install> installs, IEnumerable<Removal> removals, IBacklogStore store, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var install in installs)
            {
                OutboxOf(install);
            }

            foreach (var (install, standing) in store.ReadStandings())
            {
                Find(install)?.Restore(standing);
            }

            foreach (var removal in removals)
            {
                Find(removal.Install)?.Remove([removal]);
            }

            // What is left of a deleted install is its removal's alone.
            store.ReadPending((install, row) =>
            {
                var outbox = Find(install);
                outbox?.Backlog.Append(row.Id, row.ConversationKey, row.Sequence);
                outbox?.Owe(row.Id, row.Bytes);
            });
            store.ReadWaiting((retry, dueAt, bytes) =>
            {
                _desk.Waiting.Add(retry, dueAt);
                if (Find(retry.Install) is { } outbox)
                {
                    outbox.Owe(retry.Delivery, bytes);
                    ReturnIfByTimeToLive(outbox);
                }
            });
            foreach (var outbox in _outboxes.Values)
            {
                outbox.Begin(now);
                outbox.ReadOn();
            }
        }
    }

    private void Change(Outbox outbox, Install after, DateTimeOffset now)
    {
        var effect = ChangeEffect.Between(outbox.Install, after);
        if (effect.MustReopen)
        {
            BeginReopening(outbox, effect.EndsNumbers);
        }

        outbox.Change(after, effect, mayResume: effect.IsEnabling && !IsReopening(outbox), now);
    }

    // By time to live nothing waits beside its lane: the process ended before a change from numbers was carried through.
    private void ReturnIfByTimeToLive(Outbox outbox)
    {
        if (outbox.Install.Manifest.RetentionTime is not null && !IsReopening(outbox))
        {
            outbox.Pause();
            BeginReopening(outbox, endsNumbers: true);
        }
    }

    private bool IsReopening(Outbox outbox) => _reopenings.Exists(reopening => reopening.Outbox == outbox);

    // One that is under way goes on as what the last change wants.
    private void BeginReopening(Outbox outbox, bool endsNumbers)
    {
        var known = _reopenings.Find(reopening => reopening.Outbox == outbox);
        _reopenings.RemoveAll(reopening => reopening.Outbox == outbox);
        _reopenings.Add(new Reopening(outbox, endsNumbers || known is { EndsNumbers: true }));
    }
}
