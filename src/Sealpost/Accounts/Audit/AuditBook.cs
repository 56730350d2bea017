using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sealpost.Hosting;
using Sealpost.Storage;

namespace Sealpost.Accounts.Audit;

/// <summary>
/// The audit: every administrative act, written down before it is answered. What was not done is counted by the minute and written
/// within a second or two. Thread-safe.
/// </summary>
/// <remarks>
/// An act that was done and cannot be written goes into the log, whole; from then on every act is refused until the
/// entries that wait are written. So no more acts stand in the log alone than were under way at the moment of the fault.
/// </remarks>
internal sealed partial class AuditBook(IAuditStore store, TimeProvider clock, ILogger<AuditBook> log) : IDisposable
{
    /// <summary>What was refused or failed and is kept, at most; the oldest go first.</summary>
    public const int MaxNotDone = 500_000;

    private const int RowsPerForget = 1000;

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Refusals _refusals = new(clock);
    private readonly Lock _lock = new();
    private List<AuditEntry> _done = [];
    private int _logged;
    private long _failedAt;
    private volatile bool _isFailing;

    private static Problem Closed { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "audit_unavailable", "Acts cannot be written down for the audit now (the log says why): nothing is changed until they can.")
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    /// <summary>The time that entries bear.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Null: acts are written down. Else the answer for those who want to act.</summary>
    public async Task<Problem?> RefuseAsync()
    {
        if (_isFailing && clock.GetElapsedTime(Volatile.Read(ref _failedAt)) >= ProbeInterval)
        {
            await FlushAsync(all: false);
        }

        return _isFailing ? Closed : null;
    }

    /// <summary>Returns when an act that was done is durable, or stands in the log; what was not done is only noted.</summary>
    public Task RecordAsync(AuditEntry act)
    {
        Post(act);
        return act.Outcome == ActOutcome.Done ? FlushAsync(all: false) : Task.CompletedTask;
    }

    /// <summary>Takes an act; the next writing has it.</summary>
    public void Post(AuditEntry act)
    {
        if (act.Outcome != ActOutcome.Done)
        {
            _refusals.Note(act);
            return;
        }

        lock (_lock)
        {
            _done.Add(act);
        }
    }

    /// <summary>What is kept, newest first, with all that was noted until now.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ListAsync(int account, AuditFilter filter)
    {
        await FlushAsync(all: true);
        return store.List(account, filter);
    }

    /// <summary>Writes what was noted; whoever comes while a writing is under way is written by the next, all in one.</summary>
    /// <param name="all">Raised counts of the running minute too.</param>
    public async Task FlushAsync(bool all)
    {
        await _writing.WaitAsync();
        try
        {
            Write(all);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Forgets what is older, a little at a time. True: there may be more.</summary>
    public bool Forget(DateTimeOffset before)
    {
        try
        {
            return store.Forget(before, MaxNotDone, RowsPerForget) >= RowsPerForget;
        }
        catch (StoreException e)
        {
            LogNotForgotten(e.Message);
            return false;
        }
    }

    public void Dispose()
    {
        Write(all: true);
        _writing.Dispose();
    }

    private void Write(bool all)
    {
        List<AuditEntry> done;
        lock (_lock)
        {
            (done, _done) = (_done, []);
        }

        var refusals = _refusals.Unwritten(all);
        if (done.Count + refusals.Count == 0)
        {
            return;
        }

        try
        {
            Write(done, refusals);
            _isFailing = false;
            _logged = 0;
        }
        catch (StoreException e)
        {
            Fail(done, e);
        }
    }

    private void Write(List<AuditEntry> done, List<Refusal> refusals)
    {
        var entries = refusals.ConvertAll(refusal => (Refusal: refusal, refusal.Entry));
        var (fresh, known) = (entries.FindAll(pair => pair.Entry.Id == 0), entries.FindAll(pair => pair.Entry.Id != 0));
        var ids = store.Write(
            [.. done, .. fresh.Select(pair => pair.Entry)],
            known.ConvertAll(pair => new RaisedCount(pair.Entry.Id, pair.Entry.Times, pair.Entry.LastAt)));
        for (var i = 0; i < fresh.Count; i++)
        {
            _refusals.Written(fresh[i].Refusal, ids[done.Count + i], fresh[i].Entry.Times);
        }

        known.ForEach(pair => _refusals.Written(pair.Refusal, pair.Entry.Id, pair.Entry.Times));
    }

    // They are tried again, and each stands in the log once.
    private void Fail(List<AuditEntry> done, StoreException e)
    {
        lock (_lock)
        {
            _done.InsertRange(0, done);
        }

        _isFailing = true;
        Volatile.Write(ref _failedAt, clock.GetTimestamp());
        foreach (var act in done.Skip(_logged))
        {
            LogUnwritten(act.Action, act.Target, act.Account, act.Actor.Kind, act.Actor.Id, act.RemoteAddress, act.At, e.Message);
        }

        _logged = done.Count;
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Not in the audit: {Action} of {Target} in account number {Account} by {ActorKind} {ActorId} from {Remote} at {At:O}; no act is taken until this is written ({Reason})")]
    private partial void LogUnwritten(string action, string? target, int account, string actorKind, string? actorId, string? remote, DateTimeOffset at, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old entries of the audit were not removed ({Reason})")]
    private partial void LogNotForgotten(string reason);
}
