using System.Diagnostics.Metrics;
using Sealpost.Retry;
using Sealpost.Sending;
using Sealpost.Telemetry;

namespace Sealpost.Tests.Telemetry;

public sealed class SealpostMetricsTests : IDisposable
{
    private readonly SealpostMetrics _metrics = new();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _seen = [];

    public SealpostMetricsTests()
    {
        // Other tests have metrics of their own under the same name: only what this object holds is listened to.
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_metrics.Owns(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    [Fact]
    public void Attempts_are_counted_by_outcome_and_while_they_are_made()
    {
        _metrics.AttemptStarted();
        _metrics.AttemptStarted();
        _metrics.AttemptEnded(OutcomeKind.ReadTimeout);

        _listener.RecordObservableInstruments();

        Assert.Equal(1, _seen["sealpost.attempts.in_flight"]);
        Assert.Equal(1, _seen["sealpost.attempts read_timeout"]);
        Assert.Equal(0, _seen["sealpost.attempts delivered"]);
    }

    [Fact]
    public void Publishing_counts_requests_lines_and_what_is_owed()
    {
        _metrics.Published(lines: 10, deliveries: 20);
        _metrics.Published(lines: 1, deliveries: 0);

        _listener.RecordObservableInstruments();

        Assert.Equal((2, 11, 20), (_seen["sealpost.published.requests"], _seen["sealpost.published.lines"], _seen["sealpost.accepted.deliveries"]));
    }

    [Fact]
    public void The_time_that_the_servers_certificate_has_left_and_what_was_refused_to_strangers_are_shown()
    {
        _metrics.WatchCertificate(() => TimeSpan.FromMinutes(-2));
        _metrics.ConnectionRefused();
        _metrics.TooManyFailures();
        _metrics.TooManyFailures();

        _listener.RecordObservableInstruments();

        Assert.Equal(
            (-120, 1, 2),
            (_seen["sealpost.server.certificate.expiry"], _seen["sealpost.connections.refused"], _seen["sealpost.requests.too_many_failures"]));
    }

    [Fact]
    public void Times_are_in_seconds_and_reasons_are_labels()
    {
        _metrics.Delivered(TimeSpan.FromMilliseconds(1500));
        _metrics.Committed(TimeSpan.FromMilliseconds(2), changes: 100);
        _metrics.Dead(DeadReason.RetriesExhausted);

        _listener.RecordObservableInstruments();

        Assert.Equal(1.5, _seen["sealpost.delivery.latency"]);
        Assert.Equal(0.002, _seen["sealpost.commit.duration"]);
        Assert.Equal(100, _seen["sealpost.commit.group"]);
        Assert.Equal(1, _seen["sealpost.dead retries_exhausted"]);
    }

    [Fact]
    public void The_backlog_is_read_when_somebody_asks()
    {
        _listener.RecordObservableInstruments();
        Assert.DoesNotContain("sealpost.backlog.deliveries", _seen.Keys);

        _metrics.Watch(() => new Backlog(5, TimeSpan.FromMinutes(1)));
        _listener.RecordObservableInstruments();

        Assert.Equal((5, 60), (_seen["sealpost.backlog.deliveries"], _seen["sealpost.backlog.oldest_age"]));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _metrics.Dispose();
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _seen[tags.IsEmpty ? instrument.Name : $"{instrument.Name} {tags[0].Value}"] = value;
}
