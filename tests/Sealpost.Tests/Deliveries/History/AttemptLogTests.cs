using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Deliveries;
using Sealpost.Deliveries.History;
using Sealpost.Retry;
using Sealpost.Storage;
using Sealpost.Telemetry;

namespace Sealpost.Tests.Deliveries.History;

public sealed class AttemptLogTests : IDisposable
{
    private static readonly Decision Retry = Decision.RetryInLane with { DueAt = Completions.At.AddSeconds(2) };

    private readonly FakeTimeProvider _clock = new(Completions.At);
    private readonly SealpostMetrics _metrics = new();
    private readonly MemoryStore _store = new();
    private readonly AttemptLog _log;
    private int _beats;

    public AttemptLogTests() => _log = new AttemptLog(
        _store, new RetentionOptions { Attempts = TimeSpan.FromDays(2) }, _metrics, _clock, () => Interlocked.Increment(ref _beats), NullLogger<AttemptLog>.Instance);

    [Fact]
    public async Task Every_attempt_is_kept_but_a_success_at_the_first_and_one_not_made()
    {
        _log.Note(Completions.Delivered(1));
        _log.Note(Completions.Failed(1, Decision.NotMade));
        _log.Note(Completions.Failed(1, Retry));
        _log.Note(Completions.Failed(2, Decision.Dead(DeadReason.Expired)));
        _log.Note(Completions.Delivered(3));
        await RunToTheEnd();
        Assert.Equal([1, 2, 3], _store.Written.Select(attempt => attempt.Number));
        var first = _store.Written[0];
        Assert.Equal((503, "no", "busy"), (first.Status, first.Error, Encoding.UTF8.GetString(first.Response.Span)));
        Assert.Equal(Completions.At - TimeSpan.FromMilliseconds(7), first.At);
    }

    [Fact]
    public async Task What_was_noted_before_the_end_is_written()
    {
        var running = _log.RunAsync();
        for (var i = 1; i <= 1200; i++)
        {
            _log.Note(Completions.Failed(1, Retry, delivery: i));
        }

        _log.Complete();
        await Finish(running);
        Assert.Equal(Enumerable.Range(1, 1200).Select(i => (long)i), _store.Written.Select(attempt => attempt.Delivery.Value));
    }

    [Fact]
    public async Task What_is_erased_is_what_was_noted_before_and_nothing_of_others()
    {
        _log.Note(Completions.Failed(1, Retry, delivery: 1));
        _log.Note(Completions.Failed(1, Retry, delivery: 2));
        _log.Note(Completions.Failed(2, Retry, delivery: 1));
        var erased = _log.EraseAsync([new DeliveryId(1)]);
        await RunToTheEnd();
        Assert.Equal(2, await erased);
        Assert.Equal([2L], _store.Written.Select(attempt => attempt.Delivery.Value));
    }

    [Fact]
    public async Task Who_asks_for_an_erasure_is_told_when_it_fails()
    {
        var erased = _log.EraseAsync([new DeliveryId(1)]);
        _store.Fails = true;
        await RunToTheEnd();
        await Assert.ThrowsAsync<StoreException>(() => erased);
    }

    [Fact]
    public async Task When_it_cannot_keep_up_the_oldest_are_lost_and_counted()
    {
        for (var i = 1; i <= AttemptLog.Capacity + 3; i++)
        {
            _log.Note(Completions.Failed(1, Retry, delivery: i));
        }

        await RunToTheEnd();
        Assert.Equal(AttemptLog.Capacity, _store.Written.Count);
        Assert.Equal(4, _store.Written[0].Delivery.Value);
        Assert.Equal(3, Unlogged());
    }

    [Fact]
    public async Task A_store_that_fails_costs_its_attempts_and_not_the_loop()
    {
        _store.Fails = true;
        _log.Note(Completions.Failed(1, Retry, delivery: 1));
        var running = _log.RunAsync();
        await Until(() => Unlogged() == 1);
        _store.Fails = false;
        _log.Note(Completions.Failed(1, Retry, delivery: 2));
        _log.Complete();
        await Finish(running);
        Assert.Equal(2, Assert.Single(_store.Written).Delivery.Value);
    }

    [Fact]
    public async Task Days_beyond_the_retention_are_forgotten_at_the_start_and_each_hour()
    {
        var running = _log.RunAsync();
        Assert.Equal([new DateOnly(2026, 11, 22)], _store.Forgotten);
        _clock.Advance(TimeSpan.FromHours(15));
        await Until(() => _store.Forgotten.Count == 2);
        Assert.Equal(new DateOnly(2026, 11, 22), _store.Forgotten[1]);
        _clock.Advance(TimeSpan.FromHours(2));
        await Until(() => _store.Forgotten.Count == 3);
        Assert.Equal(new DateOnly(2026, 11, 23), _store.Forgotten[2]);
        Assert.True(Volatile.Read(ref _beats) >= 2);
        _log.Complete();
        await Finish(running);
    }

    [Fact]
    public void A_success_at_the_first_attempt_is_told_from_the_deliverys_row()
    {
        var delivery = Delivered(attempts: 1);
        var attempt = AttemptHistory.Success(delivery)!;
        Assert.Equal((1, Completions.At - TimeSpan.FromMilliseconds(7), 200), (attempt.Number, attempt.At, attempt.Status));
        Assert.Equal(2, AttemptHistory.Success(Delivered(attempts: 2))!.Number);
        Assert.Null(AttemptHistory.Success(delivery with { State = DeliveryState.Dead }));
        Assert.Null(AttemptHistory.Success(delivery with { State = DeliveryState.InLane, CompletedAt = null }));
    }

    public void Dispose() => _metrics.Dispose();

    private static ListedDelivery Delivered(int attempts) => new()
    {
        Id = new DeliveryId(2),
        Notification = new NotificationId(1),
        Install = 1,
        ClientId = "",
        Conversation = "c",
        ConversationKey = 1,
        EventType = "x",
        Sequence = 1,
        State = DeliveryState.Delivered,
        AcceptedAt = Completions.At.AddMinutes(-1),
        CompletedAt = Completions.At,
        Attempts = attempts,
        LastStatus = 200,
        LastDuration = TimeSpan.FromMilliseconds(7),
    };

    private Task RunToTheEnd()
    {
        _log.Complete();
        return Finish(_log.RunAsync());
    }

    private async Task Finish(Task running)
    {
        await Until(() => running.IsCompleted);
        await running;
    }

    // The loop waits on the fake clock: it is moved until what is waited for has come.
    private async Task Until(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 1_000_000, "it never came");
            _clock.Advance(TimeSpan.FromMicroseconds(100));
            await Task.Yield();
        }
    }

    private long Unlogged()
    {
        var total = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "sealpost.attempts.unlogged" && _metrics.Owns(instrument.Meter))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => total += value);
        listener.Start();
        listener.RecordObservableInstruments();
        return total;
    }

    private sealed class MemoryStore : IAttemptStore
    {
        private readonly Lock _lock = new();
        private readonly List<LoggedAttempt> _written = [];
        private readonly List<DateOnly> _forgotten = [];

        public bool Fails { get; set; }

        public IReadOnlyList<LoggedAttempt> Written
        {
            get
            {
                lock (_lock)
                {
                    return [.. _written];
                }
            }
        }

        public IReadOnlyList<DateOnly> Forgotten
        {
            get
            {
                lock (_lock)
                {
                    return [.. _forgotten];
                }
            }
        }

        public void Write(IReadOnlyList<LoggedAttempt> attempts)
        {
            if (Fails)
            {
                throw new StoreException(StoreFault.Full, "no room");
            }

            lock (_lock)
            {
                _written.AddRange(attempts);
            }
        }

        public List<LoggedAttempt> Read(DeliveryId delivery, DateOnly first, DateOnly last) => [];

        public int Erase(IReadOnlyCollection<DeliveryId> deliveries)
        {
            if (Fails)
            {
                throw new StoreException(StoreFault.Full, "no room");
            }

            lock (_lock)
            {
                return _written.RemoveAll(attempt => deliveries.Contains(attempt.Delivery));
            }
        }

        public void ForgetBefore(DateOnly day)
        {
            lock (_lock)
            {
                _forgotten.Add(day);
            }
        }
    }
}
