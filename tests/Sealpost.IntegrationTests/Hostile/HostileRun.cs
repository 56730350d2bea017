using System.Diagnostics;
using System.Text;
using Sealpost.Testing;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Hostile;

/// <summary>
/// The real service, with bad endpoints of every kind beside healthy apps.
/// <list type="number">
/// <item>Start it, and install an app on each endpoint: the healthy ones in one account, the others in another.</item>
/// <item>Publish for the healthy apps at a steady rate; for a while for them alone.</item>
/// <item>Publish for the hostile ones too; look at attempts, connections and what the process holds.</item>
/// <item>Stop publishing, wait for what the healthy apps are still owed, and stop the service.</item>
/// </list>
/// </summary>
internal sealed class HostileRun(HostilePlan plan)
{
    private const string Healthy = "healthy", Hostile = "hostile";
    private const int InstallsAtOnce = 8;
    private const int HostileConversations = 8;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookPace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    // The heaps that the system's allocator gives to threads fill up one after another for many minutes (mallopt(3)), and would
    // hide a leak of that size. With two the process is as large as it will be when it is warm.
    private static readonly Dictionary<string, string> FewHeaps = new(StringComparer.Ordinal) { ["MALLOC_ARENA_MAX"] = "2" };

    private readonly List<ProcessUse> _held = [];

    public async Task<HostileReport> RunAsync(CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        using var pki = new Pki();
        await using var healthy = await HealthyApps.StartAsync(plan.Healthy, pki);
        await using var hostile = new HostileEndpoints(plan, pki);
        await using var service = SealpostProcess.Start(new SealpostLaunch
        {
            Data = folder.Sub("data"),
            Trust = [pki.RootFile],
            Settings = Settings(hostile.Networks),
            Environment = FewHeaps,
        });
        await service.ReadyAsync(StartLimit, cancellation);
        using SealpostApi healthyApi = new(service, Healthy), hostileApi = new(service, Hostile), streamApi = new(service, Hostile);
        await InstallAsync(healthyApi, healthy.Installs, cancellation);
        await InstallAsync(hostileApi, hostile.All.Select(endpoint => endpoint.Install), cancellation);

        AttemptWatch attempts = new(streamApi);
        ConnectionWatch connections = new(hostile.All.Select(endpoint => endpoint.Address));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = attempts.RunAsync(stop.Token);
        long next = 0;
        var publishing = PublishAsync(plan.HealthyPace, number => healthy.PublishAsync(healthyApi, next = number, cancellation), stop.Token);
        await Task.Delay(plan.Alone / 2, TimeProvider.System, cancellation);
        var alone = Volatile.Read(ref next) + 1;
        await Task.Delay(plan.Alone / 2, TimeProvider.System, cancellation);
        var together = Volatile.Read(ref next) + 1;
        var pressing = PublishAsync(
            plan.HostilePace / plan.Each, number => hostileApi.PublishAsync(HostileEvent(number % plan.Each, number / plan.Each), cancellation), stop.Token);
        await LookAsync(service, connections, cancellation);
        await stop.CancelAsync();
        await Task.WhenAll(publishing, pressing, watching);
        await SettleAsync(healthy, cancellation);

        var stopping = Stopwatch.GetTimestamp();
        var exit = await service.StopAsync(cancellation);
        return new HostileReport
        {
            Plan = plan,
            Hostile = [.. hostile.All.Select(e => (e, attempts.Of(e.Install.ClientId), connections.Longest(e.Address)))],
            NoHole = hostile.NoHole,
            IssuerWasAsked = hostile.IssuerWasAsked,
            Alone = healthy.Took(alone, together),
            Together = healthy.Took(together, long.MaxValue),
            Missing = healthy.Missing,
            Repeats = healthy.Repeats,
            Held = _held,
            ExitCode = exit,
            StopTook = Stopwatch.GetElapsedTime(stopping),
        };
    }

    private Dictionary<string, string> Settings(string networks) => new(StringComparer.Ordinal)
    {
        ["Egress:AllowedNetworks"] = networks,
        ["Health:SlowPolicy"] = "off", // else the pressure would end after two minutes
        ["Retry:FixedDelay"] = $"{plan.Backoff}",
        ["Retry:BackoffBase"] = "00:00:01",
        ["Retry:BackoffMax"] = $"{plan.Backoff}",
    };

    private static Task InstallAsync(SealpostApi api, IEnumerable<NewInstall> installs, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            installs,
            new ParallelOptions { MaxDegreeOfParallelism = InstallsAtOnce, CancellationToken = cancellation },
            async (install, token) => await api.InstallAsync(install, token));

    /// <summary>Open loop: a slow answer does not thin out what is published.</summary>
    private static async Task PublishAsync(TimeSpan pace, Func<long, Task> publishAsync, CancellationToken stop)
    {
        List<Task> published = [];
        using var timer = new PeriodicTimer(pace, TimeProvider.System);
        try
        {
            for (long number = 0; await timer.WaitForNextTickAsync(stop); number++)
            {
                published.Add(publishAsync(number));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(published);
        }
    }

    private static byte[] HostileEvent(long group, long number) => Encoding.UTF8.GetBytes(
        $$$"""{"kind":"notification","type":"{{{HostileEndpoints.EventType(group)}}}","body":{"changes":[{"conversationId":"h-{{{number % HostileConversations}}}","sequence":{{{number}}}}]}}""");

    private async Task LookAsync(SealpostProcess service, ConnectionWatch connections, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(LookPace, TimeProvider.System);
        while (Stopwatch.GetElapsedTime(started) < plan.Together && await timer.WaitForNextTickAsync(cancellation))
        {
            connections.Look(service.Id, TimeProvider.System);
            if (Stopwatch.GetElapsedTime(started) > plan.Warm)
            {
                _held.Add(ProcessUse.Of(service.Id));
            }
        }
    }

    private static async Task SettleAsync(HealthyApps healthy, CancellationToken cancellation)
    {
        for (var since = Stopwatch.GetTimestamp(); healthy.Missing > 0 && Stopwatch.GetElapsedTime(since) < Grace;)
        {
            await Task.Delay(LookPace, TimeProvider.System, cancellation);
        }
    }
}
