using System.Text.Json;
using Sealpost.IntegrationTests.Mtls.Certificates;
using Sealpost.Mtls.Certificates;
using Sealpost.Operations;

namespace Sealpost.IntegrationTests.Operations;

/// <summary>Certificates that end soon are warned of 30, 7 and 1 days ahead, each once.</summary>
public sealed class ExpiryWatchTests : IDisposable
{
    private readonly RegistryScene _scene = new();
    private readonly List<int> _told = [];
    private bool _isStopping;

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task A_certificate_is_warned_of_thrice_each_once_and_after_its_end_no_more()
    {
        await _scene.SavedAsync(days: 31);
        var watch = Watch(_scene.Registry);
        var days = new List<(int Day, int Days)>();
        for (var hour = 0; hour < 24 * 35; hour++)
        {
            await watch.TurnAsync(TestContext.Current.CancellationToken);
            days.AddRange(_told.Select(told => (hour / 24, told)));
            _told.Clear();
            _scene.Time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal([(1, 30), (24, 7), (30, 1)], days);
    }

    [Fact]
    public async Task What_was_told_is_remembered_over_a_restart()
    {
        await _scene.SavedAsync(days: 20);
        await TurnAsync(_scene.Registry);
        Assert.Equal([30], _told);
        await TurnAsync(Restarted());
        Assert.Equal([30], _told);
    }

    [Fact]
    public async Task A_replacement_starts_anew_and_what_is_deleted_is_warned_of_no_more()
    {
        var (replaced, deleted) = (await _scene.SavedAsync("a", days: 20), await _scene.SavedAsync("b", days: 31));
        await TurnAsync(_scene.Registry);
        await _scene.ReplaceAsync(replaced);
        await _scene.DeleteAsync(deleted);
        _scene.Time.Advance(TimeSpan.FromDays(5));
        await TurnAsync(_scene.Registry);
        Assert.Equal([30], _told);
        _scene.Time.Advance(TimeSpan.FromDays(60));
        await TurnAsync(_scene.Registry);
        Assert.Equal([30, 30], _told);
    }

    [Fact]
    public async Task What_could_not_be_told_while_the_process_stopped_is_told_by_the_next()
    {
        await _scene.SavedAsync(days: 5);
        _isStopping = true;
        await TurnAsync(_scene.Registry);
        Assert.Empty(_told);
        _isStopping = false;
        await TurnAsync(Restarted());
        Assert.Equal([7], _told);
    }

    [Fact]
    public async Task A_full_disk_does_not_make_it_tell_the_same_each_minute()
    {
        await _scene.SavedAsync(days: 5);
        var watch = Watch(_scene.Registry);
        _scene.Store.IsFull = true;
        for (var minute = 0; minute < 3; minute++)
        {
            await watch.TurnAsync(TestContext.Current.CancellationToken);
            _scene.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([7], _told);
        _scene.Store.IsFull = false;
        await watch.TurnAsync(TestContext.Current.CancellationToken);
        await TurnAsync(Restarted());
        Assert.Equal([7], _told);
    }

    [Fact]
    public async Task The_event_names_the_certificate_its_end_and_the_warning()
    {
        var certificate = await _scene.SavedAsync("bank", days: 6);
        var submission = new CertificateEvent(certificate, 7, _scene.Time.GetUtcNow()).ToSubmission();
        var part = Assert.Single(submission.Notifications).Part;
        Assert.Equal((RegistryScene.Acme, "sealpost.CertificateExpiring", $"certificate-{certificate.Id}"), (submission.Account, part.EventType, part.Conversation));
        Assert.Equal(
            $$"""{"kind":"notification","type":"sealpost.CertificateExpiring","body":{"id":{{certificate.Id}},"name":"bank","at":"2026-01-01T00:00:00.000Z","expirationDate":"2026-01-07T00:00:00.000Z","daysAhead":7} }""".Replace("} }", "}}", StringComparison.Ordinal),
            JsonSerializer.Serialize(JsonDocument.Parse(part.Bytes)));
    }

    private CertificateRegistry Restarted() => _scene.NewRegistry(new CertificateDirectory(_scene.Store.Load()));

    private ExpiryWatch Watch(CertificateRegistry certificates) => new(certificates, TellAsync, _scene.Time);

    private Task TurnAsync(CertificateRegistry certificates) => Watch(certificates).TurnAsync(TestContext.Current.CancellationToken);

    private Task<bool> TellAsync(OperationalEvent told)
    {
        if (!_isStopping)
        {
            _told.Add(Assert.IsType<CertificateEvent>(told).Days);
        }

        return Task.FromResult(!_isStopping);
    }
}
