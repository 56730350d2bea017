using Sealpost.Installs;

namespace Sealpost.Outboxes;

/// <content>
/// What a change of the install does to the outbox: it pauses and resumes, gives what is in memory back to the store, and lets
/// the store mark what has lost its webhook.
/// </content>
internal sealed partial class Outbox
{
    /// <summary>What is in flight counts as never attempted before.</summary>
    public void ForgetAttempts()
    {
        foreach (var lane in AllLanes().Where(lane => lane.State == LaneState.InFlight))
        {
            lane.Head!.Attempts = 0;
        }
    }

    /// <summary>Works as <paramref name="changed"/> from now on: what waits is tried at once, at its new endpoint.</summary>
    public void Change(Install changed, DateTimeOffset now)
    {
        Install = changed;
        _wasChanged = true;
        _dueAfterChange.Clear();
        _destinations.Clear();
        foreach (var lane in AllLanes().Where(lane => lane.State is LaneState.Ready or LaneState.Held).ToList())
        {
            lane.Head!.DueAt = null;
            Continue(lane, now);
        }
    }

    /// <summary>These stored deliveries die: what is in memory of them goes back to the store, what is in flight ends.</summary>
    public void Remove(IReadOnlyList<Removal> removals)
    {
        if (!Removals.Begin(removals, AllLanes().Where(lane => lane.State == LaneState.InFlight).Select(lane => lane.Head!), LastRecord))
        {
            return;
        }

        UnloadAll();
    }

    /// <summary>A removal is through: nothing of it is left in the store.</summary>
    public void EndRemoval(Removal removal)
    {
        Removals.End(removal);
        foreach (var lane in _lanes.Values)
        {
            this.ReadOn(lane);
        }

        this.ReadOn();
    }

    /// <summary>Stops attempting and leaves everything to the store; attempts in flight end as they end.</summary>
    public void Pause()
    {
        IsPaused = true;
        UnloadAll();
        Retries.Clear();
    }

    /// <summary>The store has put these waiting retries, all there are, back into their lanes.</summary>
    public void Return(IReadOnlyList<BacklogRow> returned)
    {
        Round++;
        foreach (var row in returned)
        {
            Backlog.Lanes.Insert(row.ConversationKey, row.Sequence);
            Backlog.Rewind(row.Id);
        }
    }

    /// <summary>Attempts again, from the backlog's oldest on.</summary>
    public void Resume()
    {
        IsPaused = false;
        this.ReadOn();
    }

    /// <summary>Everything in memory but what is in flight goes back to being only stored.</summary>
    public void UnloadAll()
    {
        foreach (var lane in AllLanes().ToList())
        {
            Unload(lane);
            LetGo(lane);
        }

        Backlog.Rewind(long.MinValue);
        Retries.Void();
    }

    // What is still pending goes back to the store: into its lane, or beside it until the install is reopened.
    private void EndPaused(Lane lane)
    {
        if (lane.Head is { DueAt: { } due } head)
        {
            _dueAfterChange[head.Id] = due;
            if (lane.IsLoose)
            {
                Unhold(lane.Pop());
                Backlog.Lanes.Insert(head.ConversationKey, head.Sequence);
                Backlog.Rewind(head.Id);
            }
        }

        lane.BecomeIdle();
        Unload(lane);
        LetGo(lane);
    }

    private void Unload(Lane lane)
    {
        var isInFlight = lane.State == LaneState.InFlight;
        var cut = lane.Head is null ? null : lane.CutOff(keepHead: isInFlight);
        lane.Passed.Clear();
        lane.IsRefilling = false;
        if (!isInFlight)
        {
            lane.BecomeIdle();
        }

        if (cut is null)
        {
            return;
        }

        if (lane.IsLoose)
        {
            Unhold(cut);
            if (!IsPaused)
            {
                Retries.Add(new DueRetry(cut.Id, Install.Number, cut.Attempts, Round));
            }

            return;
        }

        var (count, last) = (0, cut.Id);
        for (var delivery = cut; delivery is not null; delivery = delivery.Next)
        {
            Unhold(delivery);
            last = delivery.Id;
            count++;
        }

        Backlog.Lanes.Return(lane.Key, cut.Sequence, count);
        Backlog.Rewind(last);
    }
}
