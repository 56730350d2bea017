using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Storage;

namespace Sealpost.Deliveries.Replay;

/// <summary>
/// Carries replays of ranges out: of each running job one small step after another, in the original order. A step's new deliveries
/// and the job's progress are one commit of the ledger, so that a job goes on after a crash exactly where it was.
/// </summary>
/// <remarks>
/// <see cref="RunAsync"/> is one background loop, started by the host. A job has few deliveries in its install's lanes at a time:
/// what is published meanwhile in other conversations goes out beside them, and the account's limits stay for the publishers.
/// The rest is thread-safe.
/// </remarks>
/// <param name="store">Keeps the jobs.</param>
/// <param name="installs">The installs as of now.</param>
/// <param name="submit">The ledger.</param>
/// <param name="beat">The heartbeat, once a turn.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Is told of each job's beginning and end.</param>
internal sealed partial class ReplayRunner(
    IReplayStore store, InstallDirectory installs, Func<Submission, Task<SubmissionResult>> submit, Action beat, TimeProvider clock, ILogger<ReplayRunner> log)
    : IDisposable
{
    /// <summary>Deliveries of one step.</summary>
    public const int PerStep = 100;

    /// <summary>The next step waits until no more of those before are pending in their lanes.</summary>
    public const int MostPending = 100;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>How soon it looks again whether replayed deliveries have gone out.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<ReplayId, ReplayRun> _runs = new();
    private readonly Channel<bool> _turns = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly SemaphoreSlim _stepping = new(1);

    /// <summary>Why a running job does not go on at this moment; null: it does.</summary>
    public Waiting? WaitingOf(ReplayId job) => _runs.TryGetValue(job, out var run) ? run.Waiting : null;

    /// <summary>Begins a job; null when the install has one that is running.</summary>
    public ReplayJob? Create(int account, ReplayRange range)
    {
        if (store.Create(account, range, clock.GetUtcNow()) is not { } job)
        {
            return null;
        }

        // Most jobs are counted at once, so that their first answer has a total.
        var run = new ReplayRun(job);
        try
        {
            Count(run);
        }
        finally
        {
            _runs.TryAdd(job.Id, run);
            _turns.Writer.TryWrite(true);
        }

        Log.Begun(log, job.Id, job.ClientId);
        return job;
    }

    /// <summary>Ends a job if it is running; when this returns, nothing more of it is accepted.</summary>
    public Task CancelAsync(ReplayJob job) => AloneAsync(() =>
    {
        Finish(job, ReplayState.Cancelled);
        return Task.FromResult(true);
    });

    /// <summary>Runs until <paramref name="stop"/>; only a store that is broken throws.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await AloneAsync(() =>
        {
            store.Running().ForEach(job => _runs.TryAdd(job.Id, new ReplayRun(job)));
            return Task.FromResult(true);
        });
        await using var timer = clock.CreateTimer(_ => _turns.Writer.TryWrite(true), null, TimeSpan.Zero, Turn);
        await foreach (var _ in _turns.Reader.ReadAllAsync(stop))
        {
            await TurnAsync(stop);
            if (_runs.Values.Any(run => run.Pending.Count > MostPending))
            {
                timer.Change(Pace, Turn);
            }
        }
    }

    public void Dispose() => _stepping.Dispose();

    /// <summary>A step of each job after another, until each waits or is over.</summary>
    internal async Task TurnAsync(CancellationToken stop)
    {
        var isMoving = true;
        while (isMoving && !stop.IsCancellationRequested)
        {
            beat();
            isMoving = false;
            foreach (var run in _runs.Values.OrderBy(run => run.Job.Id.Value))
            {
                isMoving |= await AloneAsync(() => StepAsync(run));
                beat();
            }
        }
    }

    // A step or a cancellation at a time: a cancelled job accepts nothing more.
    private async Task<bool> AloneAsync(Func<Task<bool>> act)
    {
        await _stepping.WaitAsync();
        try
        {
            return await act();
        }
        finally
        {
            _stepping.Release();
        }
    }

    // True: it has moved on, and may at once again.
    private async Task<bool> StepAsync(ReplayRun run)
    {
        try
        {
            return _runs.ContainsKey(run.Job.Id) && await GoOnAsync(run);
        }
        catch (StoreException e) when (e.Fault == StoreFault.Full)
        {
            run.Waiting = ReplayRules.Of(Refusal.StoreFull);
            return false;
        }
    }

    private async Task<bool> GoOnAsync(ReplayRun run)
    {
        if (installs.Find(run.Job.Range.Install) is not { } install)
        {
            Finish(run.Job, ReplayState.Failed, "install_deleted");
            return false;
        }

        if (run.Job.Total is null)
        {
            Count(run);
            return true;
        }

        run.Pending = store.InLane(run.Pending);
        if (WhyWaiting(run, install) is { } waiting)
        {
            run.Waiting = waiting;
            return false;
        }

        var page = store.Look(run.Job, run.LookedThrough, PerStep);
        if (page.Found.Count > 0 && !await ReplayAsync(run, install, page.Found))
        {
            return false;
        }

        run.Waiting = null;
        run.LookedThrough = page.LookedThrough;
        if (page.IsEnd)
        {
            Finish(run.Job, ReplayState.Done);
        }

        return !page.IsEnd;
    }

    private static Waiting? WhyWaiting(ReplayRun run, Install install) => ReplayRules.OfInstall(install)
        ?? (run.Pending.Count > MostPending ? ReplayRules.OfPending(run.Pending) : null);

    private async Task<bool> ReplayAsync(ReplayRun run, Install install, IReadOnlyList<DeliveryId> originals)
    {
        var result = await submit(new Submission(install.Account)
        {
            Replay = new ReplayWish(install.Number, originals) { Job = run.Job.Id.Value },
        });
        if (result.Acceptance is not { } acceptance)
        {
            run.Waiting = ReplayRules.Of(result.Refusal);
            return false;
        }

        run.Pending.AddRange(acceptance.Replayed);
        return true;
    }

    private void Count(ReplayRun run)
    {
        var (count, through, isEnd) = store.Count(run.Job, run.Counted.Through);
        run.Counted = (through, run.Counted.Count + count);
        if (isEnd)
        {
            store.SetTotal(run.Job.Id, run.Counted.Count);
            run.SetTotal(run.Counted.Count);
        }
        else
        {
            run.Waiting = new Waiting("counting", "The deliveries that it takes are being counted.");
        }
    }

    private void Finish(ReplayJob job, ReplayState state, string? error = null)
    {
        if (store.Finish(job.Id, state, error, clock.GetUtcNow()))
        {
            Log.Ended(log, job.Id, job.ClientId, state);
        }

        _runs.TryRemove(job.Id, out _);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Replay {Job} of app {ClientId} begins")]
        public static partial void Begun(ILogger logger, ReplayId job, string clientId);

        [LoggerMessage(Level = LogLevel.Information, Message = "Replay {Job} of app {ClientId} ends: {State}")]
        public static partial void Ended(ILogger logger, ReplayId job, string clientId, ReplayState state);
    }
}
