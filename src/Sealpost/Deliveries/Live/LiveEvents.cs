using Sealpost.Accounts;
using Sealpost.Mailrooms;
using Sealpost.Retry;

namespace Sealpost.Deliveries.Live;

/// <summary>
/// The events of this process as they happen, for whoever follows them. The last <see cref="Kept"/> are kept, so that a reader whose
/// connection broke goes on where it was. While nobody follows, an attempt is copied into its place and nothing else.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LiveEvents
{
    /// <summary>Events kept for resuming, over all accounts: some 3 MB.</summary>
    public const int Kept = 16384;

    /// <summary>Readers of one account at once, so that a token alone cannot exhaust the memory.</summary>
    public const int MaxReaders = 64;

    /// <summary>Events that a reader who comes back looks through at a time: attempts do not wait longer for it.</summary>
    private const int LookedThrough = 1024;

    private readonly Lock _lock = new();
    private readonly List<LiveReader> _readers = [];
    private readonly EventRing _ring;
    private int _opening;

    /// <param name="clock">The time.</param>
    /// <param name="kept">How many events are kept.</param>
    public LiveEvents(TimeProvider clock, int kept = Kept) =>

        // Ids above every one of an earlier process, so that a reader who comes back with one of those resumes at nothing wrong.
        _ring = new EventRing(kept, clock.GetUtcNow().ToUnixTimeMilliseconds() << 20);

    /// <summary>An attempt has ended.</summary>
    public void Publish(in Completion completion)
    {
        if (completion.Decision.Kind == DecisionKind.NotMade)
        {
            return;
        }

        lock (_lock)
        {
            var facts = AttemptFacts.Of(completion);
            var id = _ring.Add(facts);
            if (IsFollowed(facts.Install.Account))
            {
                Offer(new AttemptEvent(facts) { Id = id, Account = facts.Install.Account });
            }
        }
    }

    /// <summary>Something else has happened.</summary>
    public void Publish(LiveEvent happened)
    {
        lock (_lock)
        {
            Offer(_ring.Add(happened));
        }
    }

    /// <summary>Follows an account's events from now on, and those kept since <paramref name="after"/>; null: it has readers enough.</summary>
    /// <param name="account">Whose events.</param>
    /// <param name="after">The last event that the reader knows; null: it wants new ones only.</param>
    /// <param name="filter">Which of them.</param>
    public LiveReader? Open(AccountId account, long? after, LiveFilter filter = default)
    {
        var missed = new List<LiveEvent>();
        lock (_lock)
        {
            // Those that look through the past count too.
            if (_readers.Count(reader => reader.Account == account) + _opening >= MaxReaders)
            {
                return null;
            }

            if (after is not { } known)
            {
                return Join(account, filter, missed);
            }

            _opening++;
            after = Begin(account, known, missed);
        }

        for (var position = after.Value; ;)
        {
            lock (_lock)
            {
                if (TakeMissed(account, filter, missed, ref position))
                {
                    _opening--;
                    return Join(account, filter, missed);
                }
            }
        }
    }

    public void Close(LiveReader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
        }

        reader.Dispose();
    }

    // Where the reader goes on, after a word about what is lost. The word's id is that of the last that is lost: it comes once.
    private long Begin(AccountId account, long known, List<LiveEvent> missed)
    {
        if (known < _ring.Before || known > _ring.LastId)
        {
            var lost = _ring.PushedOut(account);
            missed.Add(new GapEvent { Id = lost, Account = account, After = known, Reason = GapEvent.Restarted });
            return lost;
        }

        return known;
    }

    // True when nothing is left to look through.
    private bool TakeMissed(AccountId account, LiveFilter filter, List<LiveEvent> missed, ref long position)
    {
        if (_ring.PushedOut(account) is var lost && lost > position)
        {
            missed.Add(new GapEvent { Id = lost, Account = account, After = position, Reason = GapEvent.TooOld });
            position = lost;
        }

        position = Math.Max(position, _ring.OldestId - 1);
        var end = Math.Min(_ring.LastId, position + LookedThrough);
        while (position < end)
        {
            if (_ring.Find(++position, account) is { } live && filter.Passes(live))
            {
                missed.Add(live);
            }
        }

        return position == _ring.LastId;
    }

    private LiveReader Join(AccountId account, LiveFilter filter, List<LiveEvent> missed)
    {
        var reader = new LiveReader(account, filter, missed, _ring.LastId);
        _readers.Add(reader);
        return reader;
    }

    private bool IsFollowed(AccountId account)
    {
        foreach (var reader in _readers)
        {
            if (reader.Account == account)
            {
                return true;
            }
        }

        return false;
    }

    // Who was too slow gets no more.
    private void Offer(LiveEvent live) => _readers.RemoveAll(reader => !reader.Offer(live));
}
