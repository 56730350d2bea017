using Microsoft.Extensions.Logging;
using Sealpost.Deliveries;
using Sealpost.Outboxes;
using Sealpost.Publishing;
using Sealpost.Storage;
using Sealpost.Telemetry;

namespace Sealpost.Mailrooms;

/// <summary>
/// One group of submissions and all outcomes so far, in one transaction: admit, commit, hand on, answer. The answer to a
/// publisher is given only when the commit has returned.
/// </summary>
/// <remarks>Not thread-safe: the ledger thread's own.</remarks>
internal sealed partial class GroupCommit(
    AllMailrooms mailrooms,
    ILedgerStore store,
    Intake intake,
    IntakeLimits limits,
    PublishOptions options,
    TimeProvider clock,
    Action wake,
    SealpostMetrics metrics,
    ILogger<GroupCommit> log,
    Action<Deaths>? tell = null)
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    private readonly LedgerBatch _batch = new();
    private readonly List<AcceptedDelivery> _accepted = [];
    private readonly List<(Submission Submission, SubmissionResult Result)> _answers = [];
    private RecordBatch _records = new();
    private long _fullSince;

    /// <summary>The last commit found no room on the disk.</summary>
    public bool IsFull { get; private set; }

    public void Commit(List<Submission> group)
    {
        if (IsFull && !HasRoomAgain())
        {
            group.ForEach(submission => submission.Complete(SubmissionResult.Refused(Refusal.StoreFull)));
            return;
        }

        var now = clock.GetUtcNow();
        var lastRecord = TakeRecords();
        try
        {
            // Inside: an event type that is new is made durable on its own.
            Admit(group, now);
            if (!_batch.IsEmpty)
            {
                var started = clock.GetTimestamp();
                store.Commit(_batch);
                metrics.Committed(clock.GetElapsedTime(started), _batch.Notifications.Count + _records.Count);
            }
        }
        catch (StoreException e) when (e.Fault == StoreFault.Full)
        {
            RefuseFull(group, e);
            return;
        }

        CountDead();
        _records.Clear();
        mailrooms.Settle(lastRecord);
        if (_accepted.Count > 0)
        {
            mailrooms.Accept(_accepted, now);
        }

        _answers.ForEach(answer => answer.Submission.Complete(answer.Result));
        wake();
    }

    /// <summary>A write found no room: nothing is sent or accepted until a probe finds some.</summary>
    public void FindFull(StoreException e)
    {
        if (!IsFull)
        {
            IsFull = true;
            mailrooms.Suspend();
            Log.Full(log, e.Message);
        }

        _fullSince = clock.GetTimestamp();
    }

    private void Admit(List<Submission> group, DateTimeOffset now)
    {
        _batch.Clear();
        _batch.Records = _records;
        _accepted.Clear();
        _answers.Clear();
        foreach (var submission in group)
        {
            _answers.Add((submission, Admit(submission, now)));
        }
    }

    private SubmissionResult Admit(Submission submission, DateTimeOffset now)
    {
        if (submission.Replay is { } replay)
        {
            return limits.Judge(submission.Account) is var full and not Refusal.None
                ? SubmissionResult.Refused(full)
                : SubmissionResult.Accepted(intake.Admit(replay, intake.AcceptanceAt(now), _batch, _accepted));
        }

        var account = intake.AccountNumber(submission.Account);
        if (submission.Key is { } key && FindAnswer(account, key.Key, now) is { } known)
        {
            return known.Key.BodyHash.AsSpan().SequenceEqual(key.BodyHash)
                ? SubmissionResult.Accepted(known.Acceptance)
                : SubmissionResult.Refused(Refusal.IdempotencyConflict);
        }

        if (limits.Judge(submission.Account) is var refusal and not Refusal.None)
        {
            return SubmissionResult.Refused(refusal);
        }

        var acceptance = intake.Admit(submission, intake.AcceptanceAt(now), _batch, _accepted);
        if (submission.Key is not null)
        {
            _batch.Answers.Add(new StoredAnswer(account, submission.Key, acceptance, now + options.IdempotencyWindow));
        }

        return SubmissionResult.Accepted(acceptance);
    }

    // The same key may stand twice in one group: the second gets the first one's answer, after the same commit.
    private StoredAnswer? FindAnswer(int account, string key, DateTimeOffset now) =>
        _batch.Answers.Find(answer => answer.Account == account && answer.Key.Key == key) ?? store.FindAnswer(account, key, now);

    // What a commit without room left over goes first: records keep their order.
    private long TakeRecords()
    {
        if (_records.Count == 0)
        {
            _records = mailrooms.SwapRecords(_records, out var last);
            return last;
        }

        _records.Append(mailrooms.SwapRecords(new RecordBatch(), out var lastRecord));
        return lastRecord;
    }

    private void CountDead()
    {
        foreach (var record in _records.Outcomes)
        {
            if (record.Reason is { } reason)
            {
                metrics.Dead(reason);
                if (record.Outcome is null)
                {
                    tell?.Invoke(new Deaths(record.Install, reason, record.At, [new DeliveryId(record.Delivery)]));
                }
            }
        }
    }

    private void RefuseFull(List<Submission> group, StoreException e)
    {
        intake.Forget();
        group.ForEach(submission => submission.Complete(SubmissionResult.Refused(Refusal.StoreFull)));
        FindFull(e);
    }

    private bool HasRoomAgain()
    {
        if (clock.GetElapsedTime(_fullSince) < ProbeInterval)
        {
            return false;
        }

        try
        {
            store.Probe();
        }
        catch (StoreException e) when (e.Fault == StoreFault.Full)
        {
            _fullSince = clock.GetTimestamp();
            return false;
        }

        IsFull = false;
        mailrooms.Resume();
        Log.RoomAgain(log);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The disk is full: publishing is refused and nothing is sent until there is room ({Reason})")]
        public static partial void Full(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The disk has room again: publishing and sending go on")]
        public static partial void RoomAgain(ILogger logger);
    }
}
