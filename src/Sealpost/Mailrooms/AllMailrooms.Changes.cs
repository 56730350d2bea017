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

    /// <summary>Whether the store may mark a removal's deliveries dead: none of them is in flight or has an outcome unrecorded.</summary>
    public bool CanMark(Removal removal, long committedRecord)
    {
        lock (_lock)
        {
            return Find(removal.Install)?.Removals.CanMark(committedRecord) ?? true;
        }
    }

    /// <summary>
    /// An install whose waiting retries are to go back into their lanes before it is attempted again: none of its attempts is in
    /// flight and all its outcomes up to <paramref name="committedRecord"/> are in the store. Null when there is none. It stays
    /// the next one until <see cref="Reopen"/> is told of it.
    /// </summary>
    public Reopening? NextReopening(long committedRecord)
    {
        lock (_lock)
        {
            return _reopenings.Find(r => r.Outbox.InFlight == 0 && r.Outbox.LastRecord <= committedRecord);
        }
    }

    /// <summary>The store has put these back into their lanes: the install is attempted again, from its oldest delivery on.</summary>
    public void Reopen(Reopening reopening, IReadOnlyList<BacklogRow> returned)
    {
        lock (_lock)
        {
            var outbox = reopening.Outbox;
            _reopenings.Remove(reopening);
            outbox.Return(returned);
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

                if (delivery.WasInLane)
                {
                    outbox.Backlog.Lanes.Drop(delivery.ConversationKey);
                }

                outbox.Owe(-1, -delivery.Bytes);
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
                Find(removal.Install)?.Remove([removal]);
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
                if (Find(retry.Install) is { } outbox)
                {
                    outbox.Owe(1, bytes);
                    ReturnIfByTimeToLive(outbox);
                }
            });
            foreach (var outbox in _outboxes.Values)
            {
                outbox.ReadOn();
            }
        }
    }

    private void Change(Outbox outbox, Install after, DateTimeOffset now)
    {
        var effect = ChangeEffect.Between(outbox.Install, after);
        if (effect.MustPause)
        {
            outbox.Pause();
        }

        if (effect.ForgetsAttempts)
        {
            outbox.ForgetAttempts();
        }

        outbox.Change(after, now);
        if (effect.MustReopen)
        {
            _reopenings.Add(new Reopening(outbox, effect.ForgetsAttempts));
        }

        outbox.ReadOn();
    }

    // By time to live nothing waits beside its lane: the process ended before a change from numbers was carried through.
    private void ReturnIfByTimeToLive(Outbox outbox)
    {
        if (outbox.Install.Manifest.RetentionTime is not null && !_reopenings.Exists(r => r.Outbox == outbox))
        {
            outbox.Pause();
            _reopenings.Add(new Reopening(outbox, ForgetsAttempts: false));
        }
    }
}
