using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Accounts.Audit;
using Sealpost.Storage;

namespace Sealpost.Tests.Accounts.Audit;

public sealed class AuditBookTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
    private readonly FakeStore _store = new();
    private readonly LogLines _log = new();
    private readonly AuditBook _book;

    public AuditBookTests() => _book = new AuditBook(_store, _clock, _log);

    [Fact]
    public async Task An_act_that_was_done_is_kept_when_its_recording_returns()
    {
        await _book.RecordAsync(Act("a"));
        Assert.Equal(["a"], _store.Kept.Select(entry => entry.Action));
    }

    [Fact]
    public async Task What_was_not_done_waits_for_the_next_writing()
    {
        await _book.RecordAsync(Act("a", ActOutcome.Refused));
        await _book.RecordAsync(Act("b", ActOutcome.Failed));
        Assert.Empty(_store.Kept);
        await _book.FlushAsync(all: false);
        Assert.Equal(["a", "b"], _store.Kept.Select(entry => entry.Action));
    }

    [Fact]
    public async Task An_act_that_cannot_be_written_stands_in_the_log_and_every_other_is_refused_until_it_is()
    {
        _store.IsBroken = true;
        await _book.RecordAsync(Act("a"));
        await _book.RecordAsync(Act("b"));

        Assert.Equal(["a", "b"], _log.Critical.Select(line => line.Split(' ')[4]));
        Assert.Equal("audit_unavailable", (await _book.RefuseAsync())!.Code);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(503, (await _book.RefuseAsync())!.Status);
        _store.IsBroken = false;
        Assert.NotNull(await _book.RefuseAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await _book.RefuseAsync());
        Assert.Equal(["a", "b"], _store.Kept.Select(entry => entry.Action));
        Assert.Equal(2, _log.Critical.Count);
    }

    [Fact]
    public async Task Refusals_that_could_not_be_written_are_written_later_and_hold_nobody_up()
    {
        await _book.RecordAsync(Act("a", ActOutcome.Refused));
        _store.IsBroken = true;
        await _book.FlushAsync(all: false);
        _store.IsBroken = false;
        await _book.FlushAsync(all: false);
        await _book.FlushAsync(all: true);
        Assert.Equal(["a"], _store.Kept.Select(entry => entry.Action));
    }

    [Fact]
    public void Closing_it_writes_the_rest()
    {
        _book.Post(Act("a", ActOutcome.Refused));
        _book.Dispose();
        Assert.Single(_store.Kept);
    }

    public void Dispose() => _book.Dispose();

    private AuditEntry Act(string action, ActOutcome outcome = ActOutcome.Done) => new()
    {
        Account = 1,
        At = _clock.GetUtcNow(),
        Actor = AuditActor.Nobody,
        Action = action,
        Outcome = outcome,
        Status = 200,
    };

    private sealed class FakeStore : IAuditStore
    {
        public List<AuditEntry> Kept { get; } = [];

        public bool IsBroken { get; set; }

        public IReadOnlyList<long> Write(IReadOnlyList<AuditEntry> entries, IReadOnlyList<RaisedCount> counts)
        {
            if (IsBroken)
            {
                throw new StoreException(StoreFault.Full, "full");
            }

            Kept.AddRange(entries);
            return [.. entries.Select((_, i) => (long)(Kept.Count - entries.Count + i + 1))];
        }

        public IReadOnlyList<AuditEntry> List(int account, AuditFilter filter) => Kept;

        public int Forget(DateTimeOffset before, int keepNotDone, int atMost) => 0;
    }

    private sealed class LogLines : ILogger<AuditBook>
    {
        public List<string> Critical { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Critical)
            {
                Critical.Add(formatter(state, exception));
            }
        }
    }
}
