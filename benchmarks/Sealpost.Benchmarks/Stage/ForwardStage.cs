using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sealpost.Benchmarks.Measuring;
using Sealpost.Benchmarks.Roles;
using Sealpost.Protocol.OAuth1;
using Sealpost.Testing;
using Sealpost.Testing.Certificates;
using Sealpost.Testing.Processes;

namespace Sealpost.Benchmarks.Stage;

/// <summary>
/// A receiver that demands a client certificate, and those who can bring a request there: the service with the certificate mapped, and
/// nginx with the same one.
/// </summary>
internal sealed class ForwardStage : IAsyncDisposable
{
    /// <summary>Where both take requests.</summary>
    public const string Path = $"/mtls/account/{Account}";

    private const string Account = "bench";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Pki _pki;
    private readonly ReceiverStage _receiver;
    private readonly SealpostProcess _service;
    private readonly Nginx _nginx;
    private readonly KeyFile _key;
    private readonly string _clientPath;

    private ForwardStage(Pki pki, ReceiverStage receiver, SealpostProcess service, Nginx nginx, KeyFile key, string clientPath) =>
        (_pki, _receiver, _service, _nginx, _key, _clientPath) = (pki, receiver, service, nginx, key, clientPath);

    public Board Board => _receiver.Board;

    public IReadOnlyList<int> ServiceIds => [_service.Id];

    public IReadOnlyList<int> NginxIds => _nginx.WorkerIds;

    public static async Task<ForwardStage> StartAsync(BenchArguments arguments, long timedEvents = 0)
    {
        var pki = new Pki("Benchmark root");
        using var client = pki.Client();
        var receiver = await ReceiverStage.StartAsync(http2: false, timedEvents, clients: ClientCertificateMode.RequireCertificate);
        var clientPath = receiver.RootPath + ".client";
        await File.WriteAllBytesAsync(clientPath, client.Export(X509ContentType.Pfx));
        var service = SealpostProcess.Start(receiver.Launch(arguments) with { Settings = Unthrottled });
        await service.ReadyAsync(StartLimit, CancellationToken.None);
        using var api = new SealpostApi(service, Account);
        var mtls = new MtlsApi(service, api, Account);
        var key = await mtls.NewKeyAsync(CancellationToken.None);
        await mtls.MapAsync(receiver.Endpoint, P12Files.Of(client), CancellationToken.None);
        return new ForwardStage(pki, receiver, service, await Nginx.StartAsync(pki, client, receiver.Endpoint, receiver.RootPath), key, clientPath);
    }

    /// <summary>Calls the forward. Dispose it to end it.</summary>
    public Task<RoleProcess> CallForwardAsync(Func<CallerOrder, CallerOrder> how) => CallAsync(new Uri(_service.Https, Path), null, how);

    /// <summary>Calls nginx.</summary>
    public Task<RoleProcess> CallNginxAsync(Func<CallerOrder, CallerOrder> how) => CallAsync(_nginx.Url, null, how);

    /// <summary>Calls the receiver itself, with the client certificate.</summary>
    public Task<RoleProcess> CallReceiverAsync(Func<CallerOrder, CallerOrder> how) => CallAsync(_receiver.Endpoint, _clientPath, how);

    /// <exception cref="InvalidOperationException">Requests failed, so the numbers mean nothing.</exception>
    public void Check()
    {
        if (Board.Read(Counter.PostsFailed) + Board.Read(Counter.BadSignatures) is > 0 and var failed)
        {
            throw new InvalidOperationException($"{failed} requests failed; the numbers mean nothing.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _nginx.DisposeAsync();
        await _service.DisposeAsync();
        await _receiver.DisposeAsync();
        _pki.Dispose();
    }

    private static Dictionary<string, string> Unthrottled { get; } = new(StringComparer.Ordinal)
    {
        ["Mtls:Throttle:PermitsPerSecond"] = "1000000",
        ["Mtls:Throttle:Burst"] = "1000000",
    };

    private Task<RoleProcess> CallAsync(Uri url, string? clientPath, Func<CallerOrder, CallerOrder> how) => RoleProcess.StartAsync("caller", how(new CallerOrder
    {
        BoardPath = _receiver.BoardPath,
        TimedEvents = _receiver.TimedEvents,
        Url = url,
        Endpoint = _receiver.Endpoint,
        Key = _key,
        Secret = ReceiverStage.Secret,
        ClientPath = clientPath,
    }));
}
