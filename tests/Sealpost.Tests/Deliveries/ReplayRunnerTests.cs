using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Deliveries;
using Sealpost.Deliveries.Replay;
using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Storage;
using OneInstall = Sealpost.Tests.Mailrooms.Installs;

namespace Sealpost.Tests.Deliveries;

public sealed class ReplayRunnerTests : IDisposable
{
    private static readonly ReplayRange Range = new(1, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), ReplayFilter.All);

    private readonly FakeTimeProvider _clock = new();
    private readonly InstallDirectory _installs = new([]);
    private readonly MemoryJobs _jobs = new(deliveries: 250);
    private readonly List<DeliveryId> _replayed = [];
    private readonly ReplayRunner _runner;
    private Refusal _refusal;

    public ReplayRunnerTests()
    {
        Put(OneInstall.Of(1, "t.One"));
        _runner = new ReplayRunner(_jobs, _installs, SubmitAsync, static () => { }, _clock, NullLogger<ReplayRunner>.Instance);
    }

    [Fact]
    public async Task Every_delivery_is_handed_over_once_in_order_in_small_steps()
    {
        _runner.Create(1, Range);

        await TurnAsync();

        Assert.Equal(Enumerable.Range(1, 250).Select(id => new DeliveryId(id)), _replayed);
        Assert.Equal((ReplayState.Done, 250), (_jobs.State, _jobs.Total));
    }

    [Fact]
    public async Task It_stays_where_it_was_refused_and_goes_on_from_there()
    {
        var job = _runner.Create(1, Range)!;
        _jobs.Pending = 200;
        await TurnAsync();
        Assert.Equal(("replayed_pending", 200), (_runner.WaitingOf(job.Id)!.Code, _replayed.Count));

        (_jobs.Pending, _refusal) = (100, Refusal.StoreFull);
        await TurnAsync();
        Assert.Equal(("store_full", ReplayState.Running), (_runner.WaitingOf(job.Id)!.Code, _jobs.State));
        (_jobs.Pending, _refusal) = (0, Refusal.None);
        await TurnAsync();

        Assert.Equal(Enumerable.Range(1, 250).Select(id => new DeliveryId(id)), _replayed);
        Assert.Null(_runner.WaitingOf(job.Id));
    }

    [Fact]
    public async Task A_disk_without_room_for_its_end_is_waited_for()
    {
        var job = _runner.Create(1, Range)!;
        _jobs.IsFull = true;
        await TurnAsync();
        Assert.Equal(("store_full", ReplayState.Running), (_runner.WaitingOf(job.Id)!.Code, _jobs.State));

        _jobs.IsFull = false;
        await TurnAsync();

        Assert.Equal((ReplayState.Done, 250), (_jobs.State, _replayed.Count));
    }

    [Fact]
    public async Task A_disabled_install_is_waited_for_and_a_deleted_one_is_the_end()
    {
        Put(OneInstall.Of(1, "t.One") with { Enabled = false, DisabledReason = "slow_endpoint" });
        var job = _runner.Create(1, Range)!;
        await TurnAsync();
        Assert.Contains("slow_endpoint", _runner.WaitingOf(job.Id)!.Sentence, StringComparison.Ordinal);

        Put(OneInstall.Of(1, "t.One") with { Deleted = true });
        await TurnAsync();

        Assert.Equal((ReplayState.Failed, 0), (_jobs.State, _replayed.Count));
    }

    [Fact]
    public async Task After_a_cancellation_nothing_more_is_handed_over()
    {
        var job = _runner.Create(1, Range)!;
        _jobs.Pending = 200;
        await TurnAsync();

        await _runner.CancelAsync(job);
        _jobs.Pending = 0;
        await TurnAsync();

        Assert.Equal((ReplayState.Cancelled, 200), (_jobs.State, _replayed.Count));
    }

    public void Dispose() => _runner.Dispose();

    private Task TurnAsync() => _runner.TurnAsync(TestContext.Current.CancellationToken);

    private void Put(Install install) => _installs.Put(install, accountRevision: 1);

    private Task<SubmissionResult> SubmitAsync(Submission submission)
    {
        if (_refusal != Refusal.None)
        {
            return Task.FromResult(SubmissionResult.Refused(_refusal));
        }

        var originals = submission.Replay!.Originals;
        _replayed.AddRange(originals);
        return Task.FromResult(SubmissionResult.Accepted(new Acceptance(0, originals.Count, []) { Replayed = originals }));
    }

    /// <summary>One job over deliveries that are numbered from 1.</summary>
    private sealed class MemoryJobs(int deliveries) : IReplayStore
    {
        public bool IsFull { get; set; }

        public long? Total { get; private set; }

        public ReplayState State { get; private set; }

        /// <summary>So many of those that are asked about are in their lanes.</summary>
        public int Pending { get; set; }

        public ReplayJob? Create(int account, ReplayRange range, DateTimeOffset now) => new()
        {
            Id = new ReplayId(1),
            ClientId = "app",
            Range = range,
            ThroughId = deliveries,
            LastId = 0,
            Total = null,
            Done = 0,
            Skipped = 0,
            State = ReplayState.Running,
            CreatedAt = now,
        };

        public ReplayJob? Find(int account, ReplayId id) => throw new InvalidOperationException("nobody asks");

        public List<ReplayJob> List(int account, int limit) => throw new InvalidOperationException("nobody asks");

        public List<ReplayJob> Running() => [];

        public ReplayPage Look(ReplayJob job, long afterId, int most)
        {
            var found = Enumerable.Range((int)afterId + 1, deliveries - (int)afterId).Take(most).Select(id => new DeliveryId(id)).ToList();
            var through = found.Count == 0 ? afterId : found[^1].Value;
            return new ReplayPage(found, through, through == deliveries);
        }

        public (long Count, long LookedThrough, bool IsEnd) Count(ReplayJob job, long afterId) => (deliveries, deliveries, true);

        public void SetTotal(ReplayId id, long total) => Total = total;

        public bool Finish(ReplayId id, ReplayState state, string? error, DateTimeOffset now)
        {
            if (IsFull)
            {
                throw new StoreException(StoreFault.Full, "no room");
            }

            State = state;
            return true;
        }

        public List<DeliveryId> InLane(IReadOnlyCollection<DeliveryId> deliveries) => [.. deliveries.Take(Pending)];
    }
}
