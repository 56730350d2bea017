using Sealpost.Testing.Journal;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Crash;

/// <summary>
/// The real service, killed again and again while it takes and delivers events.
/// <list type="number">
/// <item>Start it on a fresh directory, and install two apps by time to live and one by numbers on one receiver.</item>
/// <item>Publish from several publishers at once; kill -9 and restart, as often as the plan says.</item>
/// <item>Stop publishing, and wait until everything accepted has arrived and nothing is owed.</item>
/// <item>Check both journals.</item>
/// </list>
/// </summary>
internal sealed class CrashRun(CrashPlan plan)
{
    private const string Account = "crash";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastLife = TimeSpan.FromSeconds(0.5);

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["Retry:FixedDelay"] = "00:00:00.200",
        ["Retry:BackoffBase"] = "00:00:00.100",
        ["Retry:BackoffMax"] = "00:00:00.500",
    };

    public async Task<CrashReport> RunAsync(CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        using var certificate = ReceiverCertificate.Make();
        var clock = new JournalClock(TimeProvider.System);
        PublisherJournal published = new(clock);
        ReceiverJournal received = new(clock);
        var installs = Installs();
        await using var receiver = await JournalReceiver.StartAsync(
            certificate, received, installs.ToDictionary(i => i.ClientId, i => i.ClientSecret, StringComparer.Ordinal), Answers());
        await using var service = new KilledService(plan, new SealpostLaunch
        {
            Data = folder.Sub("data"),
            Trust = [certificate.WriteRoot(folder.Sub("root.pem"))],
            Settings = Settings,
        }, clock);

        await service.StartAsync(cancellation);
        using (var api = new SealpostApi(await service.UpAsync(cancellation), Account))
        {
            foreach (var install in installs)
            {
                await api.InstallAsync(install with { Endpoint = receiver.Endpoint }, cancellation);
            }
        }

        await PublishAndKillAsync(service, published, cancellation);
        var stillOwed = await DrainAsync(service, installs, published, received, cancellation);
        var history = new DeliveryHistory(
            [.. installs.Select(i => new SubscribedInstall(i.ClientId, i.RetentionTime is null ? i.MaxRetries : null))],
            published.Snapshot(),
            received.Snapshot(),
            service.Kills);
        return new CrashReport(plan, history, DeliveryChecker.Check(history), stillOwed);
    }

    private static NewInstall[] Installs()
    {
        var nowhere = new Uri("https://127.0.0.1");
        return
        [
            new("first", nowhere, EventBody.EventType) { RetentionTime = TimeSpan.FromHours(1) },
            new("second", nowhere, EventBody.EventType) { RetentionTime = TimeSpan.FromHours(1) },
            new("numbers", nowhere, EventBody.EventType) { MaxRetries = 5 },
        ];
    }

    private Func<int> Answers()
    {
        var random = new Random(plan.Seed);
        var gate = new Lock();
        return () =>
        {
            lock (gate)
            {
                return random.NextDouble() < plan.FailureRate ? 500 : 200;
            }
        };
    }

    private async Task PublishAndKillAsync(KilledService service, PublisherJournal published, CancellationToken cancellation)
    {
        using var stop = new CancellationTokenSource();
        var events = new CrashEvents(plan.Conversations);
        var publishers = Enumerable.Range(1, plan.Publishers)
            .Select(i => new CrashPublisher(Account, published, service, events, new Random(plan.Seed + i)).RunAsync(stop.Token, cancellation))
            .ToList();
        for (var i = 0; i < plan.Kills; i++)
        {
            await service.LiveAndDieAsync(cancellation);
        }

        await Task.Delay(LastLife, TimeProvider.System, cancellation);
        await stop.CancelAsync();
        await Task.WhenAll(publishers);
    }

    /// <summary>Waits as long as something still arrives; gives what the service says it owes in the end.</summary>
    private static async Task<long> DrainAsync(
        KilledService service, NewInstall[] installs, PublisherJournal published, ReceiverJournal received, CancellationToken cancellation)
    {
        var accepted = published.Snapshot().Where(r => r.Outcome is PublishOutcome.Ok).SelectMany(r => r.Events).Select(e => e.Mark).ToList();
        var owed = accepted.SelectMany(mark => installs.Select(install => (install.ClientId, mark))).ToList();
        using var api = new SealpostApi(await service.UpAsync(cancellation), Account);
        long stillOwed = 0;
        for (var (seen, since) = (0, received.Clock.Now); received.Clock.Now - since < Patience;)
        {
            stillOwed = 0;
            foreach (var install in installs)
            {
                stillOwed += await api.StoredAsync(install.ClientId, cancellation);
            }

            owed.RemoveAll(o => received.HasDelivered(o.ClientId, o.mark));
            if (owed.Count == 0 && stillOwed == 0)
            {
                break;
            }

            (seen, since) = received.Delivered > seen ? (received.Delivered, received.Clock.Now) : (seen, since);
            await Task.Delay(Look, TimeProvider.System, cancellation);
        }

        // Whatever came too much would come now.
        await Task.Delay(LastLife, TimeProvider.System, cancellation);
        return stillOwed;
    }
}
