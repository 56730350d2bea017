using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Deliveries;
using Sealpost.Deliveries.Retention;
using Sealpost.Storage;
using Sealpost.Telemetry;

namespace Sealpost.Tests.Deliveries.Retention;

public sealed class RetentionLoopTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly ScriptedStore _store = new();
    private readonly SealpostMetrics _metrics = new();
    private readonly RetentionLoop _loop;
    private int _beats;

    public RetentionLoopTests() => _loop = new RetentionLoop(
        _store, new RetentionOptions { Deliveries = TimeSpan.FromDays(2) }, _metrics, _clock, () => Interlocked.Increment(ref _beats), NullLogger<RetentionLoop>.Instance);

    [Fact]
    public void It_clears_what_is_older_than_the_setting_batch_by_batch_and_then_the_rest()
    {
        _store.Batches.Enqueue(new ClearedBatch(100, 50, IsLast: false));
        _store.Batches.Enqueue(new ClearedBatch(170, 20, IsLast: true));
        TurnAll();
        Assert.Equal([(0, Start.AddDays(-2)), (100, Start.AddDays(-2))], _store.Cleared);
        Assert.Equal((1, 1), (_store.EndsCleared, _store.GivenBack));
    }

    [Fact]
    public void It_goes_on_where_it_was_and_begins_anew_once_in_a_while()
    {
        _store.Batches.Enqueue(new ClearedBatch(100, 50, IsLast: true));
        TurnAll();
        Assert.False(_loop.Turn());
        _clock.Advance(TimeSpan.FromMinutes(1));
        TurnAll();
        Assert.Equal([0L, 100], _store.Cleared.Select(batch => batch.After));
        _clock.Advance(TimeSpan.FromMinutes(15));
        TurnAll();
        Assert.Equal([0L, 100, 0], _store.Cleared.Select(batch => batch.After));
    }

    [Fact]
    public async Task A_full_disk_is_waited_for_and_any_other_fault_ends_the_loop()
    {
        using var stop = new CancellationTokenSource();
        _store.Fault = StoreFault.Full;
        var running = _loop.RunAsync(stop.Token);
        for (var second = 0; second < 5; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.False(running.IsCompleted);
        Assert.True(Volatile.Read(ref _beats) > 0);
        _store.Fault = StoreFault.Broken;
        for (var second = 0; second < 1000 && !running.IsCompleted; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(StoreFault.Broken, (await Assert.ThrowsAsync<StoreException>(() => running)).Fault);
    }

    public void Dispose() => _metrics.Dispose();

    private void TurnAll()
    {
        for (var turns = 0; _loop.Turn(); turns++)
        {
            Assert.InRange(turns, 0, 100);
        }
    }

    private sealed class ScriptedStore : IRetentionStore
    {
        public Queue<ClearedBatch> Batches { get; } = new();

        public List<(long After, DateTimeOffset OverBefore)> Cleared { get; } = [];

        public int EndsCleared { get; private set; }

        public int GivenBack { get; private set; }

        public StoreFault? Fault { get; set; }

        public ClearedBatch Clear(long after, DateTimeOffset overBefore)
        {
            if (Fault is { } fault)
            {
                throw new StoreException(fault, "no");
            }

            Cleared.Add((after, overBefore));
            return Batches.TryDequeue(out var batch) ? batch : new ClearedBatch(after, 0, IsLast: true);
        }

        public bool ClearEnds()
        {
            EndsCleared++;
            return false;
        }

        public bool GiveBack()
        {
            GivenBack++;
            return false;
        }
    }
}
