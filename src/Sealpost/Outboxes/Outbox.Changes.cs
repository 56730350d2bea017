using Sealpost.Installs;
using Sealpost.Retry;

namespace Sealpost.Outboxes;

/// <content>
/// What a change of the install does to the outbox: it pauses and resumes, gives what is in memory back to the store, and lets
/// the store mark what has lost its webhook.
/// </content>
internal sealed partial class Outbox
{
    /// <summary>Works as <paramref name="changed"/> from now on. What waits in memory is tried at its new endpoint.</summary>
    /// <param name="changed">The install as it is now.</param>
    /// <param name="effect">What the change means.</param>
    /// <param name="mayResume">It is enabled, and nothing has to go back into its lanes before.</param>
    /// <param name="now">The moment.</param>
    public void Change(Install changed, ChangeEffect effect, bool mayResume, DateTimeOffset now)
    {
        if (effect.MustPause)
        {
            Pause();
        }

        if (effect.ForgetsAttempts)
        {
            ForgetAttempts();
        }

        Install = changed;
        _destinations.Clear();
        Restand(effect, now);
        if (mayResume)
        {
            Resume(now);
        }

        foreach (var lane in AllLanes().Where(lane => lane.IsWaiting).ToList())
        {
            Continue(lane, now);
        }

        // What is held may have a way to its new endpoint, or another time to live.
        Retries.Release(static _ => true);
        Backlog.Release();

        BeginHolding(now);
        this.ReadOn();
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

        FindProbes();
        QueueSweep();
        this.ReadOn();
    }

    /// <summary>Stops attempting and leaves everything to the store; attempts in flight end as they end.</summary>
    public void Pause()
    {
        IsPaused = true;
        _round = null;
        UnloadAll();
        Retries.Clear();
    }

    /// <summary>The store has put these waiting retries back into their lanes.</summary>
    public void Return(IReadOnlyList<BacklogRow> returned)
    {
        foreach (var row in returned)
        {
            Backlog.Lanes.Insert(row.ConversationKey, row.Sequence);
            Backlog.Rewind(row.Id);
        }
    }

    /// <summary>All waiting retries are back in their lanes: those on the shelf are void.</summary>
    public void BeginEra() => Era++;

    /// <summary>Attempts again: from the backlog's oldest on, or with a round where the install has failed.</summary>
    public void Resume(DateTimeOffset now)
    {
        IsPaused = false;
        BeginHolding(now);
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

    // By numbers there are no states. Enabled with something stored, nobody knows whether the endpoints answer. Any other change
    // of a failed install may be the cure.
    private void Restand(ChangeEffect effect, DateTimeOffset now)
    {
        var isByTimeToLive = Install is { Deleted: false, Manifest.RetentionTime: not null };
        if (!isByTimeToLive)
        {
            if (Standing != Standing.Up)
            {
                _round = null;
                Stand(Standing.Up, now);
            }
        }
        else if (effect.IsEnabling)
        {
            Restand(Pending > 0 ? Standing.Enabled(Install.Manifest.Webhooks.Values.Select(webhook => webhook.Endpoint.OriginalString).Distinct(), now) : Standing.Up, now);
        }
        else if (Standing.State == InstallState.Failed && Install.Enabled)
        {
            Restand(Standing.Edited(now), now);
        }

        if (effect.IsEnabling)
        {
            _slow.Clear();
        }
    }

    private void Restand(Standing standing, DateTimeOffset now)
    {
        // What a round has found out so far is not in the store yet.
        var isKept = standing == Standing && _round is null;
        _round = null;
        UnloadAll();
        if (!isKept)
        {
            Stand(standing, now);
        }
    }

    // As a by-numbers delivery it has not been attempted.
    private void ForgetAttempts()
    {
        foreach (var lane in AllLanes())
        {
            for (var delivery = lane.Head; delivery is not null; delivery = delivery.Next)
            {
                delivery.Attempts = 0;
            }
        }
    }

    private void ReturnToLane(Lane lane)
    {
        var head = lane.Pop();
        Unhold(head);
        Backlog.Lanes.Insert(head.ConversationKey, head.Sequence);
        Backlog.Rewind(head.Id);
    }

    private void Unload(Lane lane)
    {
        var isInFlight = lane.State == LaneState.InFlight;
        var cut = lane.Head is null ? null : lane.CutOff(keepHead: isInFlight);
        lane.ForgetPassed();
        if (!isInFlight)
        {
            _round?.Lose(lane);
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
                Retries.Add(new DueRetry(cut.Id, Install.Number, cut.Attempts, Era));
            }

            return;
        }

        Backlog.Rewind(ReturnToStore(lane, cut));
    }

    // What was cut off its lane is only stored now; gives the last of it.
    private long ReturnToStore(Lane lane, PendingDelivery cut)
    {
        var (count, last) = (0, cut.Id);
        for (var delivery = cut; delivery is not null; delivery = delivery.Next)
        {
            Unhold(delivery);
            last = delivery.Id;
            count++;
        }

        Backlog.Lanes.Return(lane.Key, cut.Sequence, count);
        return last;
    }
}
