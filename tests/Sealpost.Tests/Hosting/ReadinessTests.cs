using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Hosting;
using Sealpost.Hosting.Lifetime;
using Sealpost.Storage;
using Sealpost.Telemetry;
using Sealpost.Vault;

namespace Sealpost.Tests.Hosting;

public sealed class ReadinessTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Shutdown _shutdown;
    private readonly Heartbeats _heartbeats;
    private readonly Readiness _readiness;
    private VaultCondition _vault;
    private bool _certificate;
    private bool _full;
    private int _writes;

    public ReadinessTests()
    {
        _shutdown = new Shutdown(_time);
        _heartbeats = new Heartbeats(_time);
        _readiness = new Readiness(_shutdown, _heartbeats, new StoreProbe(Write, _time, NullLogger<StoreProbe>.Instance), () => _vault, () => _certificate);
    }

    [Fact]
    public async Task It_is_ready_once_it_has_started_and_not_before()
    {
        Assert.Equal(["starting"], await _readiness.Failing());

        _readiness.Started();

        Assert.Empty(await _readiness.Failing());
    }

    [Fact]
    public async Task A_loop_that_has_not_beaten_for_more_than_five_seconds_is_named_until_it_beats_again()
    {
        _readiness.Started();
        var ledger = _heartbeats.Start("ledger");
        var sweeper = _heartbeats.Start("sweeper");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(await _readiness.Failing());

        sweeper.Beat();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["loop:ledger"], await _readiness.Failing());

        ledger.Beat();
        Assert.Empty(await _readiness.Failing());
    }

    [Fact]
    public async Task An_outage_of_the_vault_degrades_and_fails_only_when_nothing_bridges_it()
    {
        _readiness.Started();
        Assert.Empty(_readiness.Degraded());

        _vault = VaultCondition.Stale;
        Assert.Empty(await _readiness.Failing());
        Assert.Equal(["vault"], _readiness.Degraded());

        _vault = VaultCondition.Lost;
        Assert.Equal(["vault"], await _readiness.Failing());
        Assert.Empty(_readiness.Degraded());
    }

    [Fact]
    public async Task A_certificate_that_cannot_follow_its_files_degrades_and_fails_nothing()
    {
        _readiness.Started();
        _certificate = true;

        Assert.Equal(["certificate"], _readiness.Degraded());
        Assert.Empty(await _readiness.Failing());
    }

    [Fact]
    public async Task A_process_that_stops_is_not_ready()
    {
        _readiness.Started();

        _shutdown.Begin();

        Assert.Equal(["stopping"], await _readiness.Failing());
    }

    [Fact]
    public async Task A_store_that_takes_no_writes_is_named_until_it_takes_them_again()
    {
        _readiness.Started();
        _full = true;
        Assert.Equal(["store"], await _readiness.Failing());

        _full = false;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(await _readiness.Failing());
    }

    [Fact]
    public async Task However_often_health_is_asked_the_store_is_written_once_a_second()
    {
        for (var i = 0; i < 10; i++)
        {
            await _readiness.Failing();
        }

        Assert.Equal(1, _writes);
    }

    public void Dispose() => _shutdown.Dispose();

    private void Write()
    {
        _writes++;
        if (_full)
        {
            throw new StoreException(StoreFault.Full, "no room");
        }
    }
}
