using Sealpost.Accounts;
using Sealpost.Mailrooms;
using Sealpost.Retry;

namespace Sealpost.Deliveries.Live;

/// <summary>
/// The events of this process as they happen, for whoever follows them. While nobody does, an attempt costs one look at a flag.
/// </summary>
/// <remarks>
/// Thread-safe. The last <see cref="Kept"/> events are kept so that a reader whose connection broke goes on where it was; they
/// are gathered for <see cref="Linger"/> after the last reader has left.
/// </remarks>
internal sealed class LiveEvents : IDisposable
{
    /// <summary>Events kept for resuming, over all accounts.</summary>
    public const int Kept = 1000;

    /// <summary>Readers of one account at once, so that a token alone cannot exhaust the memory.</summary>
    public const int MaxReaders = 64;

    /// <summary>How long after the last reader events are still gathered: a reconnect takes seconds.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<LiveReader> _readers = [];
    private readonly Queue<LiveEvent> _last = new(Kept);
    private readonly ITimer _lingering;
    private volatile bool _isFollowed;
    private long _lastId;

    public LiveEvents(TimeProvider clock)
    {
        // Above every id of an earlier process, so that a reader who comes back with one of those resumes at nothing wrong.
        _lastId = clock.GetUtcNow().ToUnixTimeMilliseconds() << 20;
        _lingering = clock.CreateTimer(_ => Rest(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>An attempt has ended.</summary>
    public void Publish(in Completion completion)
    {
        if (_isFollowed && completion.Decision.Kind != DecisionKind.NotMade)
        {
            Add(AttemptEvent.Of(completion));
        }
    }

    /// <summary>Something else has happened.</summary>
    public void Publish(LiveEvent live)
    {
        if (_isFollowed)
        {
            Add(live);
        }
    }

    /// <summary>Follows an account's events from now on, and those kept since <paramref name="after"/>; null: it has readers enough.</summary>
    /// <param name="account">Whose events.</param>
    /// <param name="after">The last event that the reader knows; null: it wants new ones only.</param>
    public LiveReader? Open(AccountId account, long? after)
    {
        lock (_lock)
        {
            if (_readers.Count(reader => reader.Account == account) >= MaxReaders)
            {
                return null;
            }

            var reader = new LiveReader(account);
            foreach (var missed in _last.Where(live => live.Id > after))
            {
                reader.Offer(missed);
            }

            _readers.Add(reader);
            _isFollowed = true;
            _lingering.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return reader;
        }
    }

    public void Close(LiveReader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
            if (_readers.Count == 0)
            {
                _lingering.Change(Linger, Timeout.InfiniteTimeSpan);
            }
        }

        reader.Dispose();
    }

    public void Dispose() => _lingering.Dispose();

    private void Add(LiveEvent happened)
    {
        lock (_lock)
        {
            var live = happened with { Id = ++_lastId };
            if (_last.Count == Kept)
            {
                _last.Dequeue();
            }

            _last.Enqueue(live);
            _readers.RemoveAll(reader => !reader.Offer(live));
        }
    }

    private void Rest()
    {
        lock (_lock)
        {
            if (_readers.Count == 0)
            {
                _isFollowed = false;
                _last.Clear();
            }
        }
    }
}
