using Microsoft.Extensions.Logging;
using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Deliveries.History;
using Sealpost.Deliveries.Live;
using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Outboxes;
using Sealpost.Retry;
using Sealpost.Sending;
using Sealpost.Storage.Sqlite;
using Sealpost.Telemetry;

namespace Sealpost.Hosting;

/// <summary>
/// The mailrooms of this process and the loops around them, joined: accept and commit (<see cref="Ledger"/>), send
/// (<see cref="Courier"/>), read back (<see cref="BacklogReader"/>), wait (<see cref="DueTimes"/>).
/// </summary>
internal sealed class Engine : IDisposable
{
    private readonly AllMailrooms _mailrooms;
    private readonly SqliteLedgerStore _ledgerStore;
    private readonly SqliteBacklogStore _backlogStore;
    private readonly DirectSender _sender;
    private readonly Routing _routing;
    private readonly SealpostMetrics _metrics;
    private readonly LedgerChores _chores;
    private readonly Ledger _ledger;
    private readonly Courier _courier;
    private readonly BacklogReader _reader;
    private readonly DueTimes _dueTimes;
    private readonly AttemptLog _attempts;
    private readonly LiveEvents _live;
    private readonly TimeProvider _clock;
    private readonly Action<Note> _news;
    private readonly InstallDirectory _installs;

    // Keeps news in its order, whoever brings it.
    private readonly Lock _telling = new();
    private bool _isRunning;

    public Engine(
        Foundation foundation,
        Routing routing,
        EventTypeNumbers eventTypes,
        AccountDirectory accounts,
        InstallDirectory installs,
        AttemptLog attempts,
        LiveEvents live,
        Action<Note> news)
    {
        var (settings, clock) = (foundation.Settings, foundation.Time);
        (_attempts, _live, _clock, _news, _installs) = (attempts, live, clock, news, installs);
        _metrics = foundation.Metrics;
        _mailrooms = new AllMailrooms(settings.Dispatch, new OutboxOptions
        {
            Retry = settings.Retry,
            Health = settings.Health,
            ResponseTimeout = settings.Sending.ResponseTimeout,
            KeptWhileDisabled = settings.Retention.Deliveries,
        }, routing.Find);
        _ledgerStore = new SqliteLedgerStore(foundation.Database, eventTypes);
        _backlogStore = new SqliteBacklogStore(foundation.Database, eventTypes);
        _routing = routing;
        _sender = new DirectSender(settings.Sending, settings.Egress, settings.Dispatch, clock, foundation.Lookup);
        _courier = new Courier(_mailrooms, SendAsync, clock, Completed, WakeLoops, foundation.Loggers.CreateLogger<Courier>());
        var intake = new Intake(_ledgerStore, installs, accounts);
        intake.StartIdsAt(clock.GetUtcNow());
        var limits = new IntakeLimits(settings.Limits, _mailrooms, FreeDiskBytes(foundation.Directory.Root), clock);
        var commit = new GroupCommit(
            _mailrooms, _ledgerStore, intake, limits, settings.Publish, clock, Wake, _metrics, foundation.Loggers.CreateLogger<GroupCommit>(), Died);
        _chores = new LedgerChores(_mailrooms, _ledgerStore, commit, _metrics, clock, Wake, tell: Died);
        _ledger = new Ledger(_mailrooms, commit, _chores, Beat(foundation, "ledger"), Fail(foundation, "ledger"));
        _reader = new BacklogReader(_mailrooms, _backlogStore, clock, Wake, Beat(foundation, "backlog"), Fail(foundation, "backlog"));
        _dueTimes = new DueTimes(_mailrooms, clock, Wake, Beat(foundation, "due"), Fail(foundation, "due"));
        Drops = new Drops(_mailrooms, _ledgerStore, _chores, Changed);
        Watch = new InstallWatch(_mailrooms, _ledgerStore, _chores, clock, Changed);
        States = new StateEndpoint(_mailrooms, installs, _backlogStore.OldestOf);
        foundation.Metrics.Watch(() => new Telemetry.Backlog(_mailrooms.Pending(), _backlogStore.OldestAge(clock.GetUtcNow())));
        Load(installs);
    }

    /// <summary>Takes the changes of installs.</summary>
    public InstallWatch Watch { get; }

    /// <summary>Drops deliveries.</summary>
    public Drops Drops { get; }

    /// <summary>Answers how installs stand.</summary>
    public StateEndpoint States { get; }

    /// <summary>What this store's conversation keys are made with.</summary>
    public long ConversationSeed => _ledgerStore.ConversationSeed;

    /// <summary>Where lists of deliveries begin.</summary>
    public DeliveryEnds Ends => _ledgerStore.Ends;

    /// <summary>Where a delivery stands that its row says is pending.</summary>
    public Place PlaceOf(ListedDelivery delivery) =>
        _mailrooms.PlaceOf(delivery.Install, delivery.Id.Value, delivery.ConversationKey, delivery.Sequence);

    public Task<SubmissionResult> SubmitAsync(Submission submission) => _ledger.SubmitAsync(submission);

    /// <summary>Routes of these accounts' endpoints have changed: what was held for them goes on.</summary>
    public void RoutesChanged(IReadOnlyCollection<AccountId> accounts)
    {
        _mailrooms.Release(accounts, _clock.GetUtcNow());
        Wake();
    }

    /// <summary>Starts the loops; what is overdue goes out at once.</summary>
    public void Start()
    {
        _isRunning = true;
        _ledger.Start();
        _reader.Start();
        _dueTimes.Start();
        _ledger.ChoresWait();
        Wake();
    }

    /// <summary>
    /// (1) No attempt starts any more, (2) those in flight finish within <paramref name="patience"/>, (3) everything known is
    /// committed.
    /// </summary>
    public async Task StopAsync(TimeSpan patience)
    {
        await _courier.StopAsync(patience);
        Halt();
    }

    public void Dispose()
    {
        Halt();
        _courier.Dispose();
        _ledger.Dispose();
        _reader.Dispose();
        _dueTimes.Dispose();
        _sender.Dispose();
        _ledgerStore.Dispose();
        _backlogStore.Dispose();
    }

    private void Halt()
    {
        if (_isRunning)
        {
            _isRunning = false;
            _dueTimes.Stop();
            _reader.Stop();
            _ledger.Stop();
        }
    }

    private void Load(InstallDirectory installs)
    {
        var removals = _ledgerStore.Removals();
        _mailrooms.Load(installs.All(), removals, _backlogStore, _clock.GetUtcNow());
        _chores.Add(removals);
    }

    private void Wake()
    {
        _courier.Wake();
        WakeLoops();
    }

    private void WakeLoops()
    {
        ReadOn();
        if (_mailrooms.UnwrittenRecords > 0)
        {
            _ledger.RecordsWait();
        }

        if (_mailrooms.NextDue is { } due)
        {
            _dueTimes.Plan(due);
        }

        if (_mailrooms.HasSweeps)
        {
            _ledger.ChoresWait();
        }

        TellNews();
    }

    private void TellNews()
    {
        if (!_mailrooms.HasNotes)
        {
            return;
        }

        lock (_telling)
        {
            _mailrooms.TakeNotes().ForEach(_news);
        }
    }

    // A wake-up costs more than everything else that a completion does: none is sent for nothing.
    private void ReadOn()
    {
        if (_mailrooms.HasReads)
        {
            _reader.Wake();
        }
    }

    private void Changed()
    {
        _ledger.ChoresWait();
        Wake();
    }

    private ValueTask<Outcome> SendAsync(Attempt attempt, CancellationToken stop)
    {
        _metrics.AttemptStarted();
        return attempt.Route == Route.Mtls ? _routing.SendAsync(attempt, stop) : _sender.SendAsync(attempt, stop);
    }

    private void Completed(Completion completion)
    {
        _metrics.AttemptEnded(completion.Outcome.Kind);
        if (completion.Decision.Kind == DecisionKind.Delivered)
        {
            _metrics.Delivered(completion.EndedAt - completion.AcceptedAt);
        }

        _attempts.Note(completion);
        _live.Publish(completion);
        _ledger.RecordsWait();
        ReadOn();
        if (completion.NextDue is { } due)
        {
            _dueTimes.Plan(due);
        }

        TellNews();
    }

    // Of an install that is gone its own event has told.
    private void Died(Deaths deaths)
    {
        if (_installs.Find(deaths.Install) is { } install)
        {
            _live.Publish(new DeadEvent { Account = install.Account, ClientId = install.ClientId, Deaths = deaths });
        }
    }

    private static Func<long> FreeDiskBytes(string directory)
    {
        var drive = new DriveInfo(directory);
        return () => drive.AvailableFreeSpace;
    }

    private static Action Beat(Foundation foundation, string loop) => foundation.Heartbeats.Start(loop).Beat;

    private static Action<Exception> Fail(Foundation foundation, string loop) => e => foundation.Loops.Fail(loop, e);
}
