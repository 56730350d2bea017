using System.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Roles;
using Sealpost.Testing.Journal;
using Sealpost.Testing.Processes;

namespace Sealpost.Benchmarks.Stage;

/// <summary>
/// A fresh <c>sealpost serve</c> with default settings on a fresh directory, and a receiver it delivers to, each in a process
/// of its own. Publishers join as they are needed.
/// </summary>
internal sealed class ServiceStage : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private const int InstallsAtOnce = 8;

    private readonly ReceiverStage _receiver;
    private readonly BenchArguments _arguments;
    private readonly bool _isGuest;
    private SealpostProcess _service;

    private ServiceStage(ReceiverStage receiver, SealpostProcess service, BenchArguments arguments, bool isGuest = false)
    {
        _receiver = receiver;
        _service = service;
        _arguments = arguments;
        _isGuest = isGuest;
    }

    public Board Board => _receiver.Board;

    public int ServiceId => _service.Id;

    public Uri Http => _service.Http;

    /// <summary>The administrator's.</summary>
    public string Token => _service.AdminToken;

    public static async Task<ServiceStage> StartAsync(
        BenchArguments arguments,
        bool http2,
        long timedEvents = 0,
        int origins = 1,
        int holeEvery = 0,
        ClientCertificateMode clients = ClientCertificateMode.NoCertificate,
        Func<SealpostLaunch, SealpostLaunch>? how = null)
    {
        var receiver = await ReceiverStage.StartAsync(http2, timedEvents, origins, holeEvery, clients);
        var launch = receiver.Launch(arguments);
        var service = SealpostProcess.Start(how is null ? launch : how(launch));
        var stage = new ServiceStage(receiver, service, arguments);
        await service.ReadyAsync(StartLimit, CancellationToken.None);
        return stage;
    }

    /// <summary>Stops or kills the service, and starts another on this directory. Gives the time until it was ready.</summary>
    /// <param name="directory">Where the next one works.</param>
    /// <param name="isKilled">Killed, not stopped.</param>
    /// <param name="how">How the next one is started.</param>
    /// <param name="meanwhile">Done with the directory while nobody works on it.</param>
    public async Task<TimeSpan> RestartAsync(
        string directory, bool isKilled = false, Func<SealpostLaunch, SealpostLaunch>? how = null, Action<string>? meanwhile = null)
    {
        if (!isKilled)
        {
            await _service.StopAsync(CancellationToken.None);
        }

        await _service.DisposeAsync();
        var launch = _receiver.Launch(_arguments, directory);
        launch = how is null ? launch : how(launch);
        meanwhile?.Invoke(launch.Data);
        var from = Stopwatch.GetTimestamp();
        _service = SealpostProcess.Start(launch);
        await _service.ReadyAsync(StartLimit, CancellationToken.None);
        return Stopwatch.GetElapsedTime(from);
    }

    /// <summary>A second service, on a directory of its own, with the same receiver and board. Gives the time until it was ready.</summary>
    public async Task<(ServiceStage Stage, TimeSpan Ready)> StartBesideAsync(string directory)
    {
        var from = Stopwatch.GetTimestamp();
        var beside = new ServiceStage(_receiver, SealpostProcess.Start(_receiver.Launch(_arguments, directory)), _arguments, isGuest: true);
        await beside._service.ReadyAsync(StartLimit, CancellationToken.None);
        return (beside, Stopwatch.GetElapsedTime(from));
    }

    public SealpostApi Api(string account) => new(_service, account);

    /// <summary>Installs an app by time to live in the account, and gives its client id.</summary>
    public async Task<string> InstallAsync(string account, bool enabled = true, string name = "bench", int retentionDays = 1)
    {
        using var api = Api(account);
        var install = new NewInstall(name, _receiver.Endpoint, EventBody.EventType)
        {
            ClientSecret = ReceiverStage.Secret,
            RetentionTime = TimeSpan.FromDays(retentionDays),
            Enabled = enabled,
        };
        await api.InstallAsync(install, CancellationToken.None);
        return install.ClientId;
    }

    /// <summary>Maps the receiver to a client certificate in the account: installs that come after this deliver through MTLS.</summary>
    public async Task MapAsync(string account, byte[] p12)
    {
        using var api = Api(account);
        await new MtlsApi(_service, api, account).MapAsync(_receiver.Endpoint, p12, CancellationToken.None);
    }

    /// <summary>Installs an app on each origin, subscribed to the event type of its number (<see cref="PublishConnection.EventType"/>).</summary>
    public async Task InstallOnEachAsync(string account, Func<NewInstall, NewInstall> how)
    {
        using var api = Api(account);
        await Parallel.ForEachAsync(
            _receiver.Endpoints.Select((endpoint, i) => new NewInstall($"bench {i}", endpoint, PublishConnection.EventType(i)) { ClientSecret = ReceiverStage.Secret }),
            new ParallelOptions { MaxDegreeOfParallelism = InstallsAtOnce },
            async (install, cancellation) => await api.InstallAsync(how(install), cancellation));
    }

    /// <summary>A publisher that starts at once; the order says how. Dispose it to end it.</summary>
    public Task<RoleProcess> PublishAsync(string account, Func<PublisherOrder, PublisherOrder> how) => RoleProcess.StartAsync("publisher", how(new PublisherOrder
    {
        BoardPath = _receiver.BoardPath,
        TimedEvents = _receiver.TimedEvents,
        Port = _service.Http.Port,
        Account = account,
        Token = _service.AdminToken,
    }));

    public async Task<Reading> ReadAsync(string account)
    {
        using var api = Api(account);
        var metrics = await api.MetricsAsync(CancellationToken.None);
        return Reading.Take(_service.Id, Board.Read(Counter.Arrived), metrics);
    }

    /// <summary>Waits until nothing more arrives.</summary>
    public async Task QuietAsync()
    {
        for (long seen = -1; seen != Board.Read(Counter.Arrived);)
        {
            seen = Board.Read(Counter.Arrived);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Says what would spoil the numbers: wrong signatures, refused publishing.</summary>
    public void Report()
    {
        if (Board.Read(Counter.BadSignatures) > 0 || Board.Read(Counter.Refused) > 0)
        {
            Console.Error.WriteLine($"  {Board.Read(Counter.BadSignatures)} wrong signatures, {Board.Read(Counter.Refused)} refused publish requests");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        if (!_isGuest)
        {
            await _receiver.DisposeAsync();
        }
    }
}
