using System.Diagnostics.Metrics;
using Sealpost.Retry;
using Sealpost.Sending;

namespace Sealpost.Telemetry;

/// <summary>What is owed at one moment.</summary>
/// <param name="Pending">Deliveries neither delivered nor dead.</param>
/// <param name="OldestAge">Since the acceptance of the oldest of them; zero when there is none.</param>
internal readonly record struct Backlog(long Pending, TimeSpan OldestAge);

/// <summary>
/// The numbers of one process under <c>/metrics</c>, all named <c>sealpost_…</c>; none carries an account, an install or an
/// endpoint. Thread safe; the counters of the hot path are plain numbers that are read when somebody asks.
/// </summary>
internal sealed class SealpostMetrics : IDisposable
{
    public const string MeterName = "Sealpost";

    // From below one commit on a fast disk to the three days an event may live.
    private static readonly double[] LatencyBounds =
    [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
        60, 300, 900, 3600, 14400, 43200, 86400, 172800, 259200,
    ];

    private static readonly double[] CommitBounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
    private static readonly int[] GroupBounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10000];

    private readonly Meter _meter = new(MeterName);
    private readonly KindCounter<OutcomeKind> _attempts;
    private readonly KindCounter<DeadReason> _dead;
    private readonly Histogram<double> _latency;
    private readonly Histogram<double> _commit;
    private readonly Histogram<int> _group;
    private long _requests;
    private long _lines;
    private long _deliveries;
    private long _inFlight;
    private long _unlogged;
    private long _cleared;
    private Func<Backlog>? _backlog;
    private Func<TimeSpan>? _certificate;
    private long _refusedConnections;
    private long _tooManyFailures;

    public SealpostMetrics()
    {
        Count("sealpost.published.requests", () => Volatile.Read(ref _requests), "Publish requests accepted");
        Count("sealpost.published.lines", () => Volatile.Read(ref _lines), "Notifications accepted");
        Count("sealpost.accepted.deliveries", () => Volatile.Read(ref _deliveries), "Deliveries owed since the start");
        _attempts = new(_meter, "sealpost.attempts", "outcome", "Attempts that ended");
        _dead = new(_meter, "sealpost.dead", "reason", "Deliveries that became dead letters");
        _latency = Histogram("sealpost.delivery.latency", LatencyBounds, "From acceptance to delivered", "s");
        _commit = Histogram("sealpost.commit.duration", CommitBounds, "One group commit, fsync included", "s");
        _group = Histogram("sealpost.commit.group", GroupBounds, "Changes in one group commit", unit: null);
        Count("sealpost.attempts.unlogged", () => Volatile.Read(ref _unlogged), "Attempts that the attempt log lost: it could not keep up, or not be written");
        Count("sealpost.retention.removed", () => Volatile.Read(ref _cleared), "Deliveries that were removed because they had been over for longer than they are kept");
        _meter.CreateObservableGauge("sealpost.attempts.in_flight", () => Volatile.Read(ref _inFlight), description: "Attempts being made");
        _meter.CreateObservableGauge("sealpost.backlog.deliveries", Pending, description: "Deliveries neither delivered nor dead");
        _meter.CreateObservableGauge("sealpost.backlog.oldest_age", OldestAge, unit: "s", description: "Age of the oldest of them");
        _meter.CreateObservableGauge("sealpost.server.certificate.expiry", CertificateLeft, unit: "s", description: "Until the server's certificate ends; below zero: it has");
        Count("sealpost.connections.refused", () => Volatile.Read(ref _refusedConnections), "Connections closed at once: their address had as many as one may");
        Count("sealpost.requests.too_many_failures", () => Volatile.Read(ref _tooManyFailures), "Requests answered 429 as their address had failed too often");
    }

    /// <summary>One publish request was accepted.</summary>
    /// <param name="lines">Its notifications.</param>
    /// <param name="deliveries">What is owed for them.</param>
    public void Published(int lines, int deliveries)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _lines, lines);
        Interlocked.Add(ref _deliveries, deliveries);
    }

    public void AttemptStarted() => Interlocked.Increment(ref _inFlight);

    public void AttemptEnded(OutcomeKind outcome)
    {
        Interlocked.Decrement(ref _inFlight);
        _attempts.Increment(outcome);
    }

    /// <summary>Attempts were lost to the log of attempts.</summary>
    public void AttemptsUnlogged(int attempts) => Interlocked.Add(ref _unlogged, attempts);

    /// <summary>Retention has removed deliveries.</summary>
    public void Cleared(int deliveries) => Interlocked.Add(ref _cleared, deliveries);

    public void Delivered(TimeSpan sinceAcceptance) => _latency.Record(sinceAcceptance.TotalSeconds);

    public void Dead(DeadReason reason) => _dead.Increment(reason);

    /// <summary>One group commit returned.</summary>
    public void Committed(TimeSpan duration, int changes)
    {
        _commit.Record(duration.TotalSeconds);
        _group.Record(changes);
    }

    /// <summary>Where the backlog is read from at each scrape: cheap, from any thread. Absent from the metrics until this is called.</summary>
    public void Watch(Func<Backlog> backlog) => Volatile.Write(ref _backlog, backlog);

    /// <summary>Where the time is read from that the server's certificate has left.</summary>
    public void WatchCertificate(Func<TimeSpan> left) => Volatile.Write(ref _certificate, left);

    /// <summary>A connection was closed at once, for its address has as many as one may.</summary>
    public void ConnectionRefused() => Interlocked.Increment(ref _refusedConnections);

    /// <summary>A request was refused unseen, for its address had failed too often.</summary>
    public void TooManyFailures() => Interlocked.Increment(ref _tooManyFailures);

    /// <summary>True for the meter of this object alone; several share the name where tests run beside each other.</summary>
    public bool Owns(Meter meter) => ReferenceEquals(meter, _meter);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Pending() => Volatile.Read(ref _backlog) is { } read ? [new(read().Pending)] : [];

    private IEnumerable<Measurement<double>> OldestAge() => Volatile.Read(ref _backlog) is { } read ? [new(read().OldestAge.TotalSeconds)] : [];

    private IEnumerable<Measurement<double>> CertificateLeft() => Volatile.Read(ref _certificate) is { } left ? [new(left().TotalSeconds)] : [];

    private void Count(string name, Func<long> read, string description) => _meter.CreateObservableCounter(name, read, description: description);

    private Histogram<T> Histogram<T>(string name, T[] bounds, string description, string? unit)
        where T : struct => _meter.CreateHistogram(name, unit, description, tags: null, new InstrumentAdvice<T> { HistogramBucketBoundaries = bounds });
}
